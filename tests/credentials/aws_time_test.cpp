// SPDX-License-Identifier: Apache-2.0
#include "credentials/aws_time.hpp"

#include <string>

#include <doctest/doctest.h>

namespace atcert::credentials {

TEST_CASE("times of the AWS CLI are read in all their forms") {
  // date -u -d 2018-10-31T21:52:31 +%s
  const Date moment{std::chrono::seconds(1541022751)};
  for (const char* text :
       {"2018-11-01T00:52:31.983000+03:00", "2018-10-31T21:52:31+00:00", "2018-10-31T21:52:31Z", "2018-10-31 21:52:31",
        "2018-10-31T17:52:31-0400", "1541022751", "1541022751.983", "1.541022751983e9"}) {
    CAPTURE(std::string(text));
    CHECK(aws_time(text) == moment);
  }
}

TEST_CASE("what is no time is none") {
  for (const char* text :
       {"", "x", "2018-10-31", "2018-13-01T00:00:00Z", "2018-02-30T00:00:00Z", "2018-01-01T24:00:00Z", "-1", "1e30",
        "nan", "inf", "2018-10-31T21:52:31+3", "2018-10-31T21:52:31 ", "1541022751 ", "18-10-31T21:52:31Z"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(aws_time(text));
  }
}

}  // namespace atcert::credentials
