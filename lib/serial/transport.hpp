// SPDX-License-Identifier: Apache-2.0
// A byte transport to a module: read with a deadline, write, and what its line can do: baud rate, flow control, control
// lines. open.hpp chooses one by its name; tests bring their own. One thread uses a transport at a time; another may
// wake it up.
#pragma once

#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/wake_up.hpp"

namespace atcert::serial {

// What a line can do, and how fast it reacts. What it cannot do fails with the code "line_fixed".
struct Traits {
  bool rate = true;           // its baud rate can be set
  bool flow_control = true;   // RTS and CTS can hold the line
  bool control_lines = true;  // it has DTR and RTS
  bool exclusive = true;      // nobody else can open it while we have it open
  Milliseconds line_gap{30};  // longer gaps do not occur inside a line of text that its sender sends in one go
  Milliseconds latency{20};   // what it adds to the time from a byte sent to the answer read
};

// How a line is to run.
struct Settings {
  unsigned baud = 115'200;
  bool flow_control = false;  // RTS and CTS hold the line
};

// How long a read waits: until `deadline`, or until `wake` is raised.
struct Until {
  Until(SteadyTime time) : deadline(time) {}
  Until(SteadyTime time, const WakeUp& other) : deadline(time), wake(&other) {}

  SteadyTime deadline;
  const WakeUp* wake = nullptr;
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Reads what is there, waiting for the first byte. 0 bytes: the deadline passed, or the wake-up was raised. An error
  // (of kind no_module) means that the port is gone.
  virtual Result<std::size_t> read(std::span<std::uint8_t> into, Until until) = 0;

  // Writes all of `bytes` and returns when they have left the host, or fails when the deadline passes or the port is
  // gone. So a caller that writes in pieces is paced by the line.
  virtual Result<void> write(ByteView bytes, SteadyTime deadline) = 0;

  // Drops what has come in and was not read.
  virtual Result<void> discard_input() = 0;

  // Sets the rate once all that was written is on the line, and returns the one in force, which may be another where
  // the hardware does not divide to it.
  virtual Result<unsigned> set_baud_rate(unsigned baud) = 0;
  // Whether RTS and CTS hold the line ("hardware" flow control).
  virtual Result<void> set_flow_control(bool hardware) = 0;
  // Both in one call: on boards with an auto-reset circuit RTS alone asserted resets the module.
  virtual Result<void> set_control_lines(bool dtr, bool rts) = 0;

  virtual const Traits& traits() const = 0;

  // Other programs that have the port open too and so may take bytes of it, as far as they can be seen: "minicom
  // (process 4711)".
  virtual std::string other_users() const { return {}; }

  // The port as the user named it, for messages.
  virtual const std::string& name() const = 0;
};

}  // namespace atcert::serial
