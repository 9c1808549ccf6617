// SPDX-License-Identifier: Apache-2.0
#include "image/gatt_rows.hpp"

#include <doctest/doctest.h>

namespace atcert::image {

TEST_CASE("rows are cfg0 to cfg30, as tools/at.py has them") {
  CHECK(gatt_key("0") == "cfg0");
  CHECK(check_gatt_row(0).ok());
  CHECK(check_gatt_row(30).ok());
  const auto beyond = check_gatt_row(31);
  REQUIRE_FALSE(beyond.ok());
  CHECK(beyond.error().code == "gatt_row");
}

}  // namespace atcert::image
