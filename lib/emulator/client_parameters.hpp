// SPDX-License-Identifier: Apache-2.0
// Parameters of the AT+MQTT commands: every read has its own error codes (ESP-AT, MQTT AT Error Codes), printed behind
// the one of the parser.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "emulator/board.hpp"

namespace atcert::emulator {

// The codes that the commands share; others stand where they are used.
inline constexpr std::uint32_t kNoConfigured = 0x6001;
inline constexpr std::uint32_t kNotInConfiguredState = 0x6002;
inline constexpr std::uint32_t kAlreadyClean = 0x6003;
inline constexpr std::uint32_t kAlreadyConnected = 0x6004;
inline constexpr std::uint32_t kNotConnected = 0x6006;
inline constexpr std::uint32_t kWrongCount = 0x6008;
inline constexpr std::uint32_t kTlsConfigError = 0x6009;
inline constexpr std::uint32_t kPrepareError = 0x600A;
inline constexpr std::uint32_t kDisconnectedState = 0x6051;

class ClientParameters {
 public:
  ClientParameters(CommandPort& port, const Parameters& parameters) : port_(port), parameters_(parameters) {}

  // Prints a code; for `return fail(...)`.
  Outcome fail(std::uint32_t code) const {
    port_.print_error(execution_error(code));
    return Outcome::error;
  }

  std::size_t count() const { return parameters_.count(); }
  // The first parameter: there is only link 0.
  bool link() const { return number(0, {0x6010, 0x6011, 0, 0}).has_value(); }

  struct NumberRule {
    std::uint32_t not_read;
    std::uint32_t wrong;
    std::int32_t low;
    std::int32_t high;
  };
  std::optional<std::int32_t> number(std::size_t index, const NumberRule& rule) const {
    const auto value = parameters_.number(index);
    if (!value.ok()) return refuse(rule.not_read);
    if (value.value < rule.low || value.value > rule.high) return refuse(rule.wrong);
    return value.value;
  }

  struct TextRule {
    std::uint32_t not_read;
    std::uint32_t empty;  // 0: may be empty
    std::uint32_t too_long;
    std::size_t limit = std::numeric_limits<std::size_t>::max();
  };
  std::optional<Secret> secret(std::size_t index, const TextRule& rule) const {
    auto value = parameters_.secret(index);
    if (!value.ok()) return refuse(rule.not_read);
    if (value.value.empty() && rule.empty != 0) return refuse(rule.empty);
    if (value.value.size() > rule.limit) return refuse(rule.too_long);
    return std::move(value.value);
  }
  std::optional<std::string> text(std::size_t index, const TextRule& rule) const {
    const std::optional<Secret> value = secret(index, rule);
    if (!value) return std::nullopt;
    return std::string(value->reveal_text());
  }

 private:
  std::nullopt_t refuse(std::uint32_t code) const {
    port_.print_error(execution_error(code));
    return std::nullopt;
  }

  CommandPort& port_;
  const Parameters& parameters_;
};

}  // namespace atcert::emulator
