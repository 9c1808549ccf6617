// SPDX-License-Identifier: Apache-2.0
// Time as a parameter. Code that waits or compares dates takes a Clock, so that tests run on a clock of their own.
#pragma once

#include <chrono>

namespace atcert {

using Milliseconds = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual SteadyTime now() const = 0;  // for waits and durations
  virtual WallTime wall() const = 0;   // for dates
};

class SystemClock final : public Clock {
 public:
  SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall() const override { return std::chrono::system_clock::now(); }
};

}  // namespace atcert
