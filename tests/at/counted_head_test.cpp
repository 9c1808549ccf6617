// SPDX-License-Identifier: Apache-2.0
#include "at/counted_head.hpp"

#include <doctest/doctest.h>

namespace atcert::at {

TEST_CASE("each head says how many bytes follow") {
  CHECK(counted_size("+MQTTSUBRECV:0,\"a/b,c\",45,") == 45U);
  CHECK(counted_size("+MQTTSUBRECV:0,\"\",0,") == 0U);
  CHECK(counted_size("+SYSFLASH:1200,") == 1200U);
  CHECK(counted_size("+SYSMFG:\"ns\",\"key\",7,3,") == 3U);
  CHECK(counted_size("+SYSMFG:\"ns\",\"key\",8,1224,") == 1224U);
  CHECK(counted_size("+CIPRECVDATA:4,") == 4U);
  CHECK(counted_size("+CIPRECVDATA:4,\"198.51.100.152\",443,") == 4U);
  CHECK(counted_size("+IPD,654:") == 654U);
  CHECK(counted_size("+IPD,0,654:") == 654U);
  CHECK(counted_size("+IPD,0,654,\"::1\",80:") == 654U);
}

TEST_CASE("a payload has at most 64 KiB") {
  CHECK(counted_size("+SYSFLASH:65536,") == 65'536U);
  CHECK_FALSE(counted_size("+SYSFLASH:65537,"));
  CHECK(counted_size("+SYSFLASH:000009,") == 9U);
  CHECK_FALSE(counted_size("+SYSFLASH:0000009,"));
}

TEST_CASE("what only resembles a head is none") {
  for (const char* head : {"",
                           ",",
                           ":",
                           "+SYSFLASH:,",
                           "+SYSFLASH:-1,",
                           "+SYSFLASH:12",
                           "+SYSFLASH:12:",
                           "+SYSFLASH:\"mqtt_ca\",64,",
                           "+SYSMFG:\"ns\",\"key\",6,4,",
                           "+SYSMFG:\"ns\",\"key\",9,4,",
                           "+SYSMFG:\"ns\",8,4,",
                           "+SYSMFG:ns,key,8,4,",
                           "+MQTTSUBRECV:0,",
                           "+MQTTSUBRECV:0,\"t\",",
                           "+MQTTSUBRECV:x,\"t\",3,",
                           "+MQTTSUBRECV:0,t,3,",
                           "+MQTTSUBRECV:0,\",3,",
                           "+IPD,x,3:",
                           "+IPD,0,3,",
                           "+IPD,:",
                           "+CIPRECVDATA:4,198.51.100.152,443,",
                           "+CIPRECVDATA:4,\"a\",b,",
                           "+OTHER:3,"}) {
    CAPTURE(head);
    CHECK_FALSE(counted_size(head));
  }
}

TEST_CASE("only the first comma of socket data leaves open whether an address follows") {
  CHECK(may_go_on("+CIPRECVDATA:4,"));
  CHECK_FALSE(may_go_on("+CIPRECVDATA:4"));
  CHECK_FALSE(may_go_on("+CIPRECVDATA:4,\"198.51.100.152\","));
  CHECK_FALSE(may_go_on("+SYSFLASH:4,"));
  CHECK_FALSE(may_go_on("+IPD,4,"));
}

}  // namespace atcert::at
