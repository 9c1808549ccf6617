// SPDX-License-Identifier: Apache-2.0
#include "emulator/radio_commands.hpp"

#include <fmt/core.h>

#include "emulator/switch_rows.hpp"

namespace atcert::emulator {
namespace {

constexpr std::int32_t kAllPrompts = 7;
constexpr std::int32_t kLastSleepMode = 3;
constexpr std::int32_t kModemSleep = 1;
constexpr std::int32_t kMinPower = 40;  // in quarters of a dBm
constexpr std::int32_t kMaxPower = 84;
constexpr std::int32_t kMaxPowerEsp8266 = 82;
constexpr std::int32_t kDefaultPower = 78;
constexpr std::int32_t kMaxBlePower = 15;
constexpr std::int32_t kMaxBlePowerEsp32 = 7;
constexpr std::int32_t kDefaultBlePower = 5;
constexpr std::size_t kWithBle = 4;

bool has_ble(const ModuleKind& kind) {
  return kind.chip != "ESP8266" && kind.chip != "ESP32S2";
}

}  // namespace

RadioCommands::RadioCommands(Run& run)
    : run_(run), sleep_(run.board.kind.chip == "ESP8266" ? 0 : kModemSleep), power_{kDefaultPower} {
  if (has_ble(run.board.kind)) power_.resize(kWithBle, kDefaultBlePower);
}

CommandRows RadioCommands::commands() {
  return {
      {"+SYSMSG", [this] { return query_prompts(); }, [this](const auto& p) { return set_prompts(p); }, {}},
      switch_row(run_.port, "+SLEEP", sleep_, kLastSleepMode),
      {"+RFPOWER", [this] { return query_power(); }, [this](const auto& p) { return set_power(p); }, {}},
  };
}

// Without a line end of its own.
Outcome RadioCommands::query_prompts() const {
  run_.port.print(fmt::format("+SYSMSG:{}", run_.prompts));
  return Outcome::ok;
}

Outcome RadioCommands::set_prompts(const Parameters& parameters) {
  const Outcome outcome = set_number(parameters, 0, kAllPrompts, run_.prompts);
  if (outcome == Outcome::ok && run_.store_settings) run_.board.stored.prompts = run_.prompts;
  return outcome;
}

Outcome RadioCommands::query_power() const {
  std::string line = "+RFPOWER:";
  for (const std::int32_t power : power_) line += fmt::format("{},", power);
  line.pop_back();
  run_.port.print(line + "\r\n");
  return Outcome::ok;
}

// <wifi_power>[,<ble_adv_power>,<ble_scan_power>,<ble_conn_power>]
Outcome RadioCommands::set_power(const Parameters& parameters) {
  if (parameters.count() != 1 && parameters.count() != power_.size()) return Outcome::error;
  const std::string& chip = run_.board.kind.chip;
  std::vector<std::int32_t> wanted = power_;
  for (std::size_t i = 0; i < parameters.count(); ++i) {
    const std::int32_t low = i == 0 ? kMinPower : 0;
    const std::int32_t most = chip == "ESP8266" ? kMaxPowerEsp8266 : kMaxPower;
    const std::int32_t most_ble = chip == "ESP32" ? kMaxBlePowerEsp32 : kMaxBlePower;
    const auto value = parameters.number(i);
    if (!value.ok() || value.value < low || value.value > (i == 0 ? most : most_ble)) return Outcome::error;
    wanted[i] = value.value;
  }
  power_ = std::move(wanted);
  return Outcome::ok;
}

}  // namespace atcert::emulator
