// SPDX-License-Identifier: Apache-2.0
#include "base/undertakings.hpp"

#include <atomic>
#include <thread>

#include <doctest/doctest.h>

namespace atcert {

TEST_CASE("while something is held the rest cannot be closed, and what to do about it is known") {
  Undertakings all;
  CHECK_FALSE(all.any_begun());
  {
    const auto first = all.begin("reset the module");
    const auto second = all.begin("look at the folder");
    CHECK_FALSE(all.close_when_idle().has_value());
    CHECK(all.held() == std::vector<std::string>{"reset the module", "look at the folder"});
  }
  CHECK(all.held().empty());
  CHECK(all.any_begun());
  CHECK(all.close_when_idle().has_value());
}

TEST_CASE("nothing begins while it is closed") {
  Undertakings all;
  std::atomic<bool> begun = false;
  std::jthread other;
  {
    const auto closed = all.close_when_idle();
    REQUIRE(closed.has_value());
    other = std::jthread([&] {
      const auto hold = all.begin("");
      begun = true;
    });
    CHECK_FALSE(begun);
  }
  other.join();
  CHECK(begun);
}

}  // namespace atcert
