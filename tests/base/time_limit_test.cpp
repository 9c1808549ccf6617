// SPDX-License-Identifier: Apache-2.0
// Stop requests by others and by time.
#include "base/time_limit.hpp"

#include <thread>

#include <doctest/doctest.h>

namespace atcert {
namespace {

// Waits for the stop request as a job does, by a callback.
void await(const std::stop_token& token) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait(lock, token, [] { return false; });
}

}  // namespace

TEST_CASE("a limit asks to stop when its time is up, and says so") {
  const std::stop_source other;
  const TimeLimit limit(other.get_token(), Milliseconds(20));
  CHECK_FALSE(limit.token().stop_requested());
  await(limit.token());
  CHECK(limit.passed());
}

TEST_CASE("a stop request of somebody else goes on, and is not the time's") {
  for (const auto& time : {std::optional<Milliseconds>(), std::optional<Milliseconds>(std::chrono::hours(1))}) {
    std::stop_source source;
    const TimeLimit limit(source.get_token(), time);
    source.request_stop();
    CHECK(limit.token().stop_requested());
    CHECK_FALSE(limit.passed());
  }
}

TEST_CASE("a limit that is not reached ends at once") {
  const SteadyTime start = std::chrono::steady_clock::now();
  { const TimeLimit limit(std::stop_token(), std::chrono::hours(1)); }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::minutes(1));
}

}  // namespace atcert
