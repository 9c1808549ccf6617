// SPDX-License-Identifier: Apache-2.0
#include "emulator/basic_commands.hpp"

#include <iterator>
#include <optional>

#include <fmt/core.h>

namespace atcert::emulator {
namespace {

// Free bytes of the heap now and at their least, as a WROOM-32 once reported them.
constexpr std::string_view kFreeMemory = "+SYSRAM:166096,147832";

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
       [this] { return query_uart("+UART_CUR"); },
       [this](const auto& p) { return set_uart(p, false); },
       {}},
      {"+UART_DEF", [this] { return query_stored_uart(); }, [this](const auto& p) { return set_uart(p, true); }, {}},
      {"+UART", [this] { return query_uart("+UART"); }, [this](const auto& p) { return set_uart(p, true); }, {}},
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

Outcome BasicCommands::query_uart(std::string_view command) {
  print_uart(command, divided_baud_rate(run_.board.kind.chip, uart_.baud_rate), uart_);
  return Outcome::ok;
}

Outcome BasicCommands::query_stored_uart() {
  const Uart& stored = run_.board.stored.uart;
  print_uart("+UART_DEF", stored.baud_rate, stored);
  return Outcome::ok;
}

void BasicCommands::print_uart(std::string_view command, std::int32_t baud_rate, const Uart& uart) {
  run_.port.print(fmt::format("{}:{},{},{},{},{}\r\n", command, baud_rate, uart.data_bits, uart.stop_bits, uart.parity,
                              uart.flow_control));
}

// The result still goes out with the old settings.
Outcome BasicCommands::set_uart(const Parameters& parameters, bool store) {
  struct Field {
    std::int32_t Uart::*value;
    std::int32_t low;
    std::int32_t high;
  };
  const Field fields[] = {{&Uart::baud_rate, kMinBaudRate, max_baud_rate(run_.board.kind.chip)},
                          {&Uart::data_bits, 5, 8},
                          {&Uart::stop_bits, 1, 3},
                          {&Uart::parity, 0, 2},
                          {&Uart::flow_control, 0, 3}};
  Uart wanted;
  for (std::size_t i = 0; i < std::size(fields); ++i) {
    const auto value = parameters.number(i);
    if (!value.ok() || value.value < fields[i].low || value.value > fields[i].high) return Outcome::error;
    wanted.*fields[i].value = value.value;
  }
  if (parameters.count() != std::size(fields)) return Outcome::error;
  if (run_.board.has(Fault::baud_refused)) return Outcome::error;
  if (run_.board.has(Fault::baud_stuck)) return Outcome::ok;
  uart_ = wanted;
  if (!store) return Outcome::ok;
  run_.board.stored.uart = wanted;
  run_.board.settings.store_uart(wanted);
  return Outcome::ok;
}

}  // namespace atcert::emulator
