// SPDX-License-Identifier: Apache-2.0
// What the module does later: actions with the time at which they are due. Nothing here waits; the loop asks next() and
// calls run(). An action may add and cancel others.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/clock.hpp"

namespace atcert::emulator {

class Timers {
 public:
  using Id = std::uint64_t;  // never 0

  explicit Timers(const Clock& clock) : clock_(clock) {}

  Id after(Milliseconds delay, std::function<void()> action);
  void cancel(Id id);

  std::optional<SteadyTime> next() const;
  // Does what is due now, in order of time.
  void run();

 private:
  const Clock& clock_;
  std::map<std::pair<SteadyTime, Id>, std::function<void()>> actions_;
  Id last_ = 0;
};

}  // namespace atcert::emulator
