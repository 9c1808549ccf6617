// SPDX-License-Identifier: Apache-2.0
#include "base/time_limit.hpp"

namespace atcert {

TimeLimit::TimeLimit(const std::stop_token& other, std::optional<Milliseconds> limit)
    : other_(other, [this] { source_.request_stop(); }) {
  if (limit) thread_ = std::jthread([this, limit = *limit](const std::stop_token& over) { wait(over, limit); });
}

void TimeLimit::wait(const std::stop_token& over, Milliseconds limit) {
  std::unique_lock lock(mutex_);
  over_.wait_for(lock, over, limit, [] { return false; });
  if (over.stop_requested() || source_.stop_requested()) return;
  passed_ = true;
  source_.request_stop();
}

}  // namespace atcert
