// SPDX-License-Identifier: Apache-2.0
#include "base/wake_up.hpp"

#include <poll.h>

#include <thread>

#include <doctest/doctest.h>

namespace atcert {

TEST_CASE("a poll without end is ended by another thread") {
  const WakeUp wake;
  CHECK_FALSE(wake.raised());
  const std::jthread other([&wake] { wake.raise(); });
  pollfd entry{wake.descriptor(), POLLIN, 0};
  CHECK(poll(&entry, 1, -1) == 1);
  CHECK(wake.raised());
}

}  // namespace atcert
