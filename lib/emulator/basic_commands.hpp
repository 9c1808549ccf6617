// SPDX-License-Identifier: Apache-2.0
// AT, ATE, AT+GMR, AT+CMD, AT+RST, AT+RESTORE, AT+SYSLOG, AT+SYSSTORE, AT+SYSRAM, AT+UART_CUR, AT+UART_DEF
// (ESP-AT, Basic AT
// Commands).
#pragma once

#include <functional>

#include "emulator/board.hpp"

namespace atcert::emulator {

class BasicCommands {
 public:
  struct Hooks {
    std::function<void()> restart;
    std::function<void()> power_off;  // into the ROM's download mode
    std::function<const CommandRows&()> all_commands;
  };

  BasicCommands(Run& run, Hooks hooks) : run_(run), hooks_(std::move(hooks)), uart_(run.board.stored.uart) {}

  CommandRows commands();
  // As AT+UART_CUR has set it.
  const Uart& uart() const { return uart_; }

 private:
  Outcome set_echo(bool on);
  Outcome version();
  Outcome list_commands();
  Outcome restart();
  Outcome restart_with(const Parameters& parameters);
  Outcome restore();
  Outcome query_memory();
  Outcome query_error_codes();
  Outcome set_error_codes(const Parameters& parameters);
  Outcome query_store();
  Outcome set_store(const Parameters& parameters);
  Outcome query_uart(std::string_view command);
  Outcome query_stored_uart();
  void print_uart(std::string_view command, std::int32_t baud_rate, const Uart& uart);
  Outcome set_uart(const Parameters& parameters, bool store);

  Run& run_;
  Hooks hooks_;
  Uart uart_;
};

}  // namespace atcert::emulator
