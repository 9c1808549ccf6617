// SPDX-License-Identifier: Apache-2.0
#include "base/plural.hpp"

#include <doctest/doctest.h>

namespace atcert {

TEST_CASE("one is singular, all other numbers are plural") {
  CHECK(counted(0, "unit") == "0 units");
  CHECK(counted(1, "unit") == "1 unit");
  CHECK(counted(2, "unit") == "2 units");
  CHECK(counted(1, "entry", "entries") == "1 entry");
  CHECK(counted(21, "entry", "entries") == "21 entries");
}

}  // namespace atcert
