// SPDX-License-Identifier: Apache-2.0
// Private to this folder: a wait for a socket that ends at a deadline, and at once when a stop is requested.
#pragma once

#include <functional>
#include <stop_token>

#include "base/clock.hpp"
#include "base/wake_up.hpp"
#include "cloud/probe.hpp"

namespace atcert::cloud {

class Waiting {
 public:
  Waiting(const Clock& clock, Milliseconds limit, const std::stop_token& stop);
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  // Until `descriptor` is ready for `events` (of poll), then `passed`; else why not. A negative one is never ready.
  Stage wait(int descriptor, short events) const;

  Milliseconds left() const;   // never negative
  Milliseconds taken() const;  // since it was made

 private:
  const Clock& clock_;
  SteadyTime begun_;
  SteadyTime deadline_;
  WakeUp stopped_;
  std::stop_callback<std::function<void()>> when_stopped_;
};

}  // namespace atcert::cloud
