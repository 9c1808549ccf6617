// SPDX-License-Identifier: Apache-2.0
#include "options/speed.hpp"

#include <charconv>
#include <string_view>

#include <fmt/core.h>

#include "base/excerpt.hpp"

namespace atcert::cli {
namespace {

// What AT+UART_CUR takes.
constexpr unsigned kSlowest = 80;
constexpr unsigned kFastest = 5'000'000;

}  // namespace

void add_speed_options(Verb& verb, SpeedOptions& options) {
  verb.add_option("--speed", options.speed, "Raise the line to this rate for the transfer, or keep its own")
      ->option_text("RATE|keep [921600]")
      ->group("Module");
  verb.add_flag("--flow", options.flow, "RTS and CTS hold the line during the transfer")->group("Module");
}

Result<module::Speed> chosen_speed(const SpeedOptions& options) {
  module::Speed speed;
  speed.flow_control = options.flow;
  if (options.speed.empty()) return speed;
  if (options.speed == "keep") {
    speed.rate = module::Speed::kKeep;
    return speed;
  }
  const char* const end = options.speed.data() + options.speed.size();
  const auto [after, error] = std::from_chars(options.speed.data(), end, speed.rate);
  if (error == std::errc() && after == end && speed.rate >= kSlowest && speed.rate <= kFastest) return speed;
  return Error{ErrorKind::usage,
               "speed",
               fmt::format("--speed {}: no rate", excerpt(options.speed)),
               {},
               fmt::format("give a number of baud from {} to {}, or \"keep\"", kSlowest, kFastest)};
}

}  // namespace atcert::cli
