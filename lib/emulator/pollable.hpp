// SPDX-License-Identifier: Apache-2.0
// What the module's poll loop waits for beside the AT port.
#pragma once

#include <optional>

#include "base/clock.hpp"

namespace atcert::emulator {

class Pollable {
 public:
  virtual ~Pollable() = default;

  // What the loop polls for: the socket (-1 when closed), its POLLIN and POLLOUT, and the time at which on_ready() is
  // due even if the socket stays quiet. Ask again after every call.
  virtual int descriptor() const = 0;
  virtual short poll_events() const = 0;
  virtual std::optional<SteadyTime> deadline() const = 0;

  // Does what can be done without blocking; call it when the socket is ready or the deadline has passed.
  virtual void on_ready(SteadyTime now) = 0;
};

}  // namespace atcert::emulator
