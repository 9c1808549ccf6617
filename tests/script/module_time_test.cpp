// SPDX-License-Identifier: Apache-2.0
#include "script/module_time.hpp"

#include <doctest/doctest.h>

namespace atcert::script {
namespace {

// Seconds since 1970, as `date -u -d ... +%s` gives them.
long long seconds(std::string_view text) {
  const auto time = parse_module_time(text);
  REQUIRE(time.has_value());
  return std::chrono::duration_cast<std::chrono::seconds>(time->time_since_epoch()).count();
}

}  // namespace

TEST_CASE("the module's time is read with blank and with zero padding") {
  CHECK(seconds("Wed Jan 19 20:13:10 2022") == 1642623190);
  CHECK(seconds("Thu Jan  1 00:02:08 1970") == 128);
  CHECK(seconds("Thu Jan 01 00:00:00 1970") == 0);
  CHECK(seconds("Thu Feb 29 23:59:59 2024") == 1709251199);
}

TEST_CASE("the seconds since 1970 are a time, too") {
  CHECK(seconds("0") == 0);
  CHECK(seconds("1642623190") == 1642623190);
  for (const char* text : {"-1", "+1", "1642623190.5", "16426231900", "9999999999", "1642623190 "}) {
    CHECK_MESSAGE(!parse_module_time(text), text);
  }
}

TEST_CASE("what is no time is refused") {
  for (const char* text :
       {"", "Wed Jan 19 20:13:10 202", "Wed Jan 19 20:13:10 20222", "Wed Jam 19 20:13:10 2022",
        "Wed Jan 32 20:13:10 2022", "Wed Feb 29 20:13:10 2022", "Wed Jan 19 24:13:10 2022", "Wed Jan 19 20-13-10 2022",
        "Wed Jan 1x 20:13:10 2022", "Wed Jan    20:13:10 2022", "Wed Jan 19 20:13:10 9999"}) {
    CHECK_MESSAGE(!parse_module_time(text), text);
  }
}

TEST_CASE("a time is shown in UTC") {
  CHECK(format_time(WallTime(std::chrono::seconds(1642623190))) == "2022-01-19 20:13:10 UTC");
}

}  // namespace atcert::script
