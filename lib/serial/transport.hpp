// SPDX-License-Identifier: Apache-2.0
// A byte transport to a module: read with a deadline, write, baud rate, control lines. The real one is a serial port
// (serial_port.hpp); tests bring their own. One thread uses a transport at a time.
#pragma once

#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace atcert::serial {

class Transport {
 public:
  virtual ~Transport() = default;

  // Reads what is there, waiting until `deadline` for the first byte. 0 bytes: the deadline passed. An error (of kind
  // no_module) means that the port is gone.
  virtual Result<std::size_t> read(std::span<std::uint8_t> into, SteadyTime deadline) = 0;

  // Writes all of `bytes` and returns when they have left the host, or fails when the deadline passes or the port is
  // gone. So a caller that writes in pieces is paced by the line.
  virtual Result<void> write(ByteView bytes, SteadyTime deadline) = 0;

  virtual Result<void> set_baud_rate(unsigned baud) = 0;
  virtual Result<void> set_control_lines(bool dtr, bool rts) = 0;

  // The port as the user named it, for messages.
  virtual const std::string& name() const = 0;
};

}  // namespace atcert::serial
