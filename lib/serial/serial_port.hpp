// SPDX-License-Identifier: Apache-2.0
// A serial port as a transport: raw 8N1 without flow control, exclusive, with DTR and RTS released so that no wiring
// resets or holds the module. Pseudo-terminals work too. The port is driven through Linux's termios2, which knows any
// baud rate; libserialport 0.1.1 opens nothing but what sysfs lists, so no pseudo-terminal (port_list.hpp uses it).
#pragma once

#include <string>

#include "serial/transport.hpp"

namespace atcert::serial {

class SerialPort final : public Transport {
 public:
  // Errors are of kind no_module and say whether the port is missing, in use (and by whom), forbidden or no port.
  static Result<SerialPort> open(const std::string& name, const Settings& settings);

  SerialPort(SerialPort&& other) noexcept;
  SerialPort& operator=(SerialPort&& other) noexcept;
  ~SerialPort() override;

  Result<std::size_t> read(std::span<std::uint8_t> into, Until until) override;
  Result<void> write(ByteView bytes, SteadyTime deadline) override;
  Result<void> discard_input() override;
  Result<unsigned> set_baud_rate(unsigned baud) override;
  Result<void> set_flow_control(bool hardware) override;
  Result<void> set_control_lines(bool dtr, bool rts) override;
  const Traits& traits() const override { return traits_; }
  const std::string& name() const override { return name_; }

 private:
  SerialPort(std::string name, int fd, const Settings& settings)
      : name_(std::move(name)), fd_(fd), settings_(settings) {}
  Result<void> set_up();
  Result<void> apply();
  Result<void> drain(SteadyTime deadline);
  Error gone(int error_number) const;

  std::string name_;
  int fd_ = -1;
  Settings settings_;
  Traits traits_;
};

}  // namespace atcert::serial
