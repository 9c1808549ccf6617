// SPDX-License-Identifier: Apache-2.0
#include "module/partition.hpp"

#include <doctest/doctest.h>

namespace atcert::module {

TEST_CASE("a line of AT+SYSFLASH? is read") {
  const auto partition = parse_partition("+SYSFLASH:\"mqtt_cert\",64,12,0x37000,0x2000");
  REQUIRE(partition);
  CHECK(partition->name == "mqtt_cert");
  CHECK(partition->type == 64);
  CHECK(partition->subtype == 12);
  CHECK(partition->offset == 0x37000);
  CHECK(partition->size == 0x2000);
}

TEST_CASE("other lines and cut ones are not") {
  for (const char* line :
       {"OK", "+SYSFLASH:\"x", "x\",64,1,0x21000,0x2000", "+SYSFLASH:\"x\",,1,0x21000,0x2000",
        "+SYSFLASH:\"x\",64,y,0x21000,0x2000", "+SYSFLASH:\"x\",64,1,z,0x2000", "+SYSFLASH:\"x\",64,1,0x21000,",
        "+SYSFLASH:\"x\"", "+SYSFLASH:\"x\",64,1,0x21000", "+SYSFLASH:\"x\",64,1,0x21000,0x",
        "+SYSFLASH:\"x\",64,1,0x21000,0x1ffffffff", "+SYSFLASH:\"x\",64,1,0x21000,0x2000,1"}) {
    CHECK_FALSE(parse_partition(line));
  }
}

}  // namespace atcert::module
