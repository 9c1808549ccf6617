// SPDX-License-Identifier: Apache-2.0
// How long one call may take, and who may end it before: one absolute deadline and one stop request for all that the
// call waits for, so that no wait inside it begins to count anew.
#pragma once

#include <algorithm>
#include <functional>
#include <stop_token>
#include <utility>

#include "base/clock.hpp"
#include "base/wake_up.hpp"

namespace atcert::at {

// A stop request as waits need it: it can be asked for, and it ends the read that waits.
class Stop {
 public:
  explicit Stop(std::stop_token token) : token_(std::move(token)), wake_on_stop_(token_, [this] { wake_.raise(); }) {}

  bool requested() const { return token_.stop_requested(); }
  const WakeUp& wake() const { return wake_; }

 private:
  std::stop_token token_;
  WakeUp wake_;
  std::stop_callback<std::function<void()>> wake_on_stop_;
};

struct Limit {
  SteadyTime deadline = SteadyTime::max();
  const Stop* stop = nullptr;
  bool ends = true;  // a stop request ends the call; if not, it is only noticed

  Limit by(SteadyTime time) const { return {std::min(deadline, time), stop, ends}; }
  Limit to_its_end() const { return {deadline, stop, false}; }
};

}  // namespace atcert::at
