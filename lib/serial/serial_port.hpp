// SPDX-License-Identifier: Apache-2.0
// A serial port as a transport: raw 8N1, exclusive, with DTR and RTS released so that no wiring resets or holds the
// module, and left as it was found. Pseudo-terminals work too. The port is driven through Linux's termios2, which knows
// any baud rate; libserialport 0.1.1 opens nothing but what sysfs lists, so no pseudo-terminal (port_list.hpp uses it).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/descriptor.hpp"
#include "serial/port_lock.hpp"
#include "serial/transport.hpp"

struct termios2;

namespace atcert::serial {

class SerialPort final : public Transport {
 public:
  // Errors are of kind no_module and say whether the port is missing, in use (and by whom), forbidden or no port. A
  // port that is in use is not touched.
  static Result<std::unique_ptr<SerialPort>> open(const std::string& name, const Settings& settings);

  SerialPort(const SerialPort&) = delete;
  SerialPort& operator=(const SerialPort&) = delete;
  ~SerialPort() override;

  Result<std::size_t> read(std::span<std::uint8_t> into, Until until) override;
  Result<void> write(ByteView bytes, SteadyTime deadline) override;
  Result<void> discard_input() override;
  Result<unsigned> set_baud_rate(unsigned baud) override;
  Result<void> set_flow_control(bool hardware) override;
  Result<void> set_control_lines(bool dtr, bool rts) override;
  const Traits& traits() const override { return traits_; }
  std::string other_users() const override;
  const std::string& name() const override { return name_; }

 private:
  SerialPort(std::string name, const Settings& settings, PortLock lock, Descriptor device);
  Result<void> set_up();
  Result<void> keep_others_out();
  Result<void> apply(const Settings& settings, unsigned long how);
  Result<void> drain(SteadyTime deadline);
  Error stuck(std::size_t bytes) const;
  Error gone(int error_number) const;

  std::string name_;
  Settings settings_;
  Traits traits_;
  PortLock lock_;
  Descriptor device_;
  std::unique_ptr<const termios2> found_;         // the settings of the line before ours
  mutable std::optional<std::string> just_seen_;  // who else has it open, until somebody has asked
};

}  // namespace atcert::serial
