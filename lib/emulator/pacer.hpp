// SPDX-License-Identifier: Apache-2.0
// One direction of a serial line at a baud rate: how many bytes may pass now, and when the next may. A byte takes ten
// bits, with its start and stop bit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/clock.hpp"

namespace atcert::emulator {

class Pacer {
 public:
  // 0: as fast as it goes.
  void set_baud_rate(unsigned baud) { baud_ = baud; }

  std::size_t allowance(SteadyTime now, std::size_t most) const {
    if (baud_ == 0) return most;
    if (now < free_at_) return 0;
    return std::min<std::size_t>(most, std::max(1U, baud_ / kBitsPerByte / kBurstsPerSecond));
  }
  void used(std::size_t bytes, SteadyTime now) {
    if (baud_ == 0) return;
    free_at_ = std::max(free_at_, now - kBurst) +
               std::chrono::nanoseconds(kNanosPerByteAtOneBaud * static_cast<long long>(bytes) / baud_);
  }
  // When allowance() is no longer 0; nothing: it is not 0.
  std::optional<SteadyTime> next(SteadyTime now) const {
    if (baud_ == 0 || now >= free_at_) return std::nullopt;
    return free_at_;
  }

 private:
  static constexpr unsigned kBitsPerByte = 10;
  static constexpr unsigned kBurstsPerSecond = 200;
  static constexpr Milliseconds kBurst{5};  // a loop that wakes up late may catch up by as much
  static constexpr long long kNanosPerByteAtOneBaud = 10'000'000'000;

  unsigned baud_ = 0;
  SteadyTime free_at_{};
};

}  // namespace atcert::emulator
