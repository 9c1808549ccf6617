// SPDX-License-Identifier: Apache-2.0
#include "image/release.hpp"

#include <doctest/doctest.h>

namespace atcert::image {

TEST_CASE("releases are read in every form in which they are written") {
  for (const char* text : {"2.4.0.0", "v2.4.0.0", "v2.4.0.0_esp8266", "2.4.0.0-dev", "V2.4.0.0",
                           "2.4.0.0(4c6eb5e - ESP32 - May 20 2022 03:11:58)"}) {
    CAPTURE(text);
    const auto release = parse_release(text);
    REQUIRE(release.ok());
    CHECK(to_string(*release) == "2.4.0.0");
  }
  for (const char* text :
       {"", "v", "2.4", "2.4.0", "2.4.0.0.1", "2.4.0.x", "two", "2..4.0", "-1.0.0.0", "70000.0.0.0"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_release(text).ok());
  }
}

TEST_CASE("releases compare by number") {
  CHECK(*parse_release("2.10.0.0") > *parse_release("2.9.9.9"));
  CHECK(*parse_release("3.0.0.0") == *parse_release("v3.0.0.0_esp32"));
}

TEST_CASE("credentials move to NVS with 3.1") {
  CHECK(generation_of({{3, 0, 0, 0}}) == Generation::pki);
  CHECK(generation_of({{3, 1, 0, 0}}) == Generation::nvs);
}

}  // namespace atcert::image
