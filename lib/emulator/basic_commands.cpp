// SPDX-License-Identifier: Apache-2.0
#include "emulator/basic_commands.hpp"

#include <optional>

#include <fmt/core.h>

namespace atcert::emulator {
namespace {

// Free bytes of the heap now and at their least, as a WROOM-32 once reported them.
constexpr std::string_view kFreeMemory = "+SYSRAM:166096,147832";

// Ranges of the parameters of AT+UART_CUR.
constexpr std::array<std::pair<std::int32_t, std::int32_t>, 5> kUartRanges{
    {{80, 5'000'000}, {5, 8}, {1, 3}, {0, 2}, {0, 3}}};

// The one parameter, if it is 0 or 1.
std::optional<bool> read_switch(const Parameters& parameters) {
  if (parameters.count() != 1) return std::nullopt;
  const auto value = parameters.number(0);
  if (!value.ok() || value.value < 0 || value.value > 1) return std::nullopt;
  return value.value == 1;
}

}  // namespace

CommandRows BasicCommands::commands() {
  CommandRows rows{
      {"", {}, {}, [] { return Outcome::ok; }},
      {"E0", {}, {}, [this] { return set_echo(false); }},
      {"E1", {}, {}, [this] { return set_echo(true); }},
      {"+RST", {}, {}, [this] { return restart(); }},
      {"+GMR", {}, {}, [this] { return version(); }},
      {"+RESTORE", {}, {}, [this] { return restore(); }},
      {"+SYSRAM", [this] { return query_memory(); }, {}, {}},
      {"+SYSLOG", [this] { return query_error_codes(); }, [this](const auto& p) { return set_error_codes(p); }, {}},
      {"+UART_CUR",
       [this] { return query_uart("+UART_CUR", uart_); },
       [this](const auto& p) { return set_uart(p, false); },
       {}},
      {"+UART_DEF",
       [this] { return query_uart("+UART_DEF", run_.board.stored.uart); },
       [this](const auto& p) { return set_uart(p, true); },
       {}},
      {"+UART",
       [this] { return query_uart("+UART", run_.board.stored.uart); },
       [this](const auto& p) { return set_uart(p, true); },
       {}},
  };
  if (run_.board.features.store_switch) {
    rows.push_back({"+SYSSTORE", [this] { return query_store(); }, [this](const auto& p) { return set_store(p); }, {}});
  }
  if (run_.board.features.command_list) rows.push_back({"+CMD", [this] { return list_commands(); }, {}, {}});
  if (run_.board.features.reset_modes) rows[3].set = [this](const auto& p) { return restart_with(p); };
  return rows;
}

Outcome BasicCommands::set_echo(bool on) {
  run_.port.set_echo(on || run_.board.has(Fault::echo_stuck));
  return Outcome::ok;
}

Outcome BasicCommands::version() {
  run_.port.print(version_text(run_.board.kind, run_.board.options.release));
  return Outcome::ok;
}

Outcome BasicCommands::list_commands() {
  std::size_t index = 0;
  for (const Command& row : hooks_.all_commands()) {
    run_.port.print(fmt::format("+CMD:{},\"AT{}\",0,{:d},{:d},{:d}\r\n", index++, row.name, row.query != nullptr,
                                row.set != nullptr, row.execute != nullptr));
  }
  return Outcome::ok;
}

Outcome BasicCommands::restart() {
  hooks_.restart();
  return Outcome::ok;
}

Outcome BasicCommands::restart_with(const Parameters& parameters) {
  const std::optional<bool> download = read_switch(parameters);
  if (!download) return Outcome::error;
  *download ? hooks_.power_off() : hooks_.restart();
  return Outcome::ok;
}

Outcome BasicCommands::restore() {
  run_.board.settings.erase();
  run_.board.stored = {};
  return restart();
}

Outcome BasicCommands::query_memory() {
  run_.port.print(kFreeMemory);
  return Outcome::ok;
}

Outcome BasicCommands::query_error_codes() {
  run_.port.print(fmt::format("+SYSLOG:{:d}\r\n", run_.port.syslog()));
  return Outcome::ok;
}

Outcome BasicCommands::set_error_codes(const Parameters& parameters) {
  const std::optional<bool> on = read_switch(parameters);
  if (!on) return Outcome::error;
  run_.port.set_syslog(*on);
  return Outcome::ok;
}

Outcome BasicCommands::query_store() {
  run_.port.print(fmt::format("+SYSSTORE:{:d}\r\n", run_.store_settings));
  return Outcome::ok;
}

Outcome BasicCommands::set_store(const Parameters& parameters) {
  const std::optional<bool> on = read_switch(parameters);
  if (!on) return Outcome::error;
  run_.store_settings = *on;
  return Outcome::ok;
}

Outcome BasicCommands::query_uart(std::string_view command, const Uart& uart) {
  run_.port.print(fmt::format("{}:{},{},{},{},{}\r\n", command, uart[0], uart[1], uart[2], uart[3], uart[4]));
  return Outcome::ok;
}

Outcome BasicCommands::set_uart(const Parameters& parameters, bool store) {
  Uart wanted{};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto value = parameters.number(i);
    if (!value.ok() || value.value < kUartRanges[i].first || value.value > kUartRanges[i].second) return Outcome::error;
    wanted[i] = value.value;
  }
  if (parameters.count() != wanted.size()) return Outcome::error;
  uart_ = wanted;
  if (store) run_.board.stored.uart = wanted;
  return Outcome::ok;
}

}  // namespace atcert::emulator
