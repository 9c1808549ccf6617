// SPDX-License-Identifier: Apache-2.0
// AT, ATE, AT+GMR, AT+CMD, AT+RST, AT+RESTORE, AT+SYSLOG, AT+SYSSTORE, AT+SYSRAM, AT+UART_CUR (ESP-AT, Basic AT
// Commands).
#pragma once

#include <array>
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

  BasicCommands(Run& run, Hooks hooks) : run_(run), hooks_(std::move(hooks)) {}

  CommandRows commands();
  std::uint32_t baud_rate() const { return static_cast<std::uint32_t>(uart_[0]); }

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
  Outcome query_uart();
  Outcome set_uart(const Parameters& parameters);

  Run& run_;
  Hooks hooks_;
  std::array<std::int32_t, 5> uart_{115200, 8, 1, 0, 0};  // baud rate, data bits, stop bits, parity, flow control
};

}  // namespace atcert::emulator
