// SPDX-License-Identifier: Apache-2.0
// The module's own idea of the time: it starts in 1970 and runs, until SNTP or AT+SYSTIMESTAMP sets it.
#pragma once

#include "base/clock.hpp"

namespace atcert::emulator {

class ModuleClock {
 public:
  explicit ModuleClock(const Clock& clock) : clock_(clock), set_at_(clock.now()) {}

  WallTime now() const { return base_ + std::chrono::duration_cast<WallTime::duration>(clock_.now() - set_at_); }
  void set(WallTime time) {
    base_ = time;
    set_at_ = clock_.now();
  }
  // As power-on does, and a restart on chips that do not keep the time.
  void reset() { set(WallTime{}); }
  // The true time, which is what a time server tells.
  WallTime true_time() const { return clock_.wall(); }

 private:
  const Clock& clock_;
  WallTime base_{};
  SteadyTime set_at_;
};

}  // namespace atcert::emulator
