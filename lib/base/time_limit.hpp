// SPDX-License-Identifier: Apache-2.0
// A stop request that comes from somebody else, or when a time is up, and that says which. Its thread waits for the
// time; it ends with the limit.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/clock.hpp"

namespace atcert {

class TimeLimit {
 public:
  // Without a limit it is `other` alone.
  TimeLimit(const std::stop_token& other, std::optional<Milliseconds> limit);

  std::stop_token token() const { return source_.get_token(); }
  // Whether the time was up before anybody else asked to stop.
  bool passed() const { return passed_; }

 private:
  void wait(const std::stop_token& over, Milliseconds limit);

  std::stop_source source_;
  std::atomic<bool> passed_ = false;
  std::mutex mutex_;
  std::condition_variable_any over_;
  std::stop_callback<std::function<void()>> other_;
  std::jthread thread_;  // the last, which ends first
};

}  // namespace atcert
