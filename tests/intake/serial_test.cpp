// SPDX-License-Identifier: Apache-2.0
#include "intake/serial.hpp"

#include <doctest/doctest.h>

namespace atcert::intake {

TEST_CASE("serials that name a folder everywhere are taken") {
  for (const char* serial :
       {"0", "unit-0042", "A_b.c-d", "console", "com", "com10", "comx", "lpt", "null", "a.con", "x-", "x_", "nul-1"}) {
    CAPTURE(serial);
    CHECK(serial_fault(serial).empty());
  }
  CHECK(serial_fault(std::string(64, 'x')).empty());
}

TEST_CASE("serials that name an option, a hidden folder, a device or nothing are refused with a remedy") {
  for (const char* serial :
       {"",     "-rf",     "-",   "--help", ".",        "..",   ".hidden", "unit.", "unit..",   "con",
        "CON",  "Con.txt", "nul", "aux",    "prn",      "com1", "COM9",    "lpt0",  "lpt1.bin", "a/b",
        "a\\b", "a b",     "a:b", "a*",     "\xC3\xA4", "a\nb", "a\tb",    "%s",    "~"}) {
    CAPTURE(serial);
    CHECK_FALSE(serial_fault(serial).empty());
  }
  CHECK_FALSE(serial_fault(std::string(65, 'x')).empty());
  CHECK_FALSE(serial_fault(std::string_view("a\0b", 3)).empty());
}

TEST_CASE("serials are compared without upper and lower case") {
  CHECK(folded("Unit-Az") == folded("uNIT-aZ"));
  CHECK(folded("unit_a") != folded("unit-a"));
  CHECK(folded("@[`{") == "@[`{");  // beside the letters
}

}  // namespace atcert::intake
