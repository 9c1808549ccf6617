// SPDX-License-Identifier: Apache-2.0
#include "at/line_kind.hpp"

#include <doctest/doctest.h>

namespace atcert::at {

TEST_CASE("results are whole lines and nothing that begins or ends like one") {
  for (const char* line : {"OK", "SEND OK"}) CHECK(kind_of(line) == LineKind::ok);
  for (const char* line : {"ERROR", "FAIL", "SEND FAIL", "SEND Canceled"}) CHECK(kind_of(line) == LineKind::error);
  CHECK(kind_of("+MQTTPUB:OK") == LineKind::published);
  CHECK(kind_of("+MQTTPUB:FAIL") == LineKind::publish_failed);
  CHECK(kind_of("busy p...") == LineKind::busy);
  CHECK(kind_of("ready") == LineKind::ready);
  CHECK(kind_of("Will force to restart!!!") == LineKind::restarting);
  for (const char* line : {"", "OKAY", " OK", "ok", "ERROR:1", "busy s...", "ready.", "+CWJAP:1"}) {
    CAPTURE(line);
    CHECK(kind_of(line) == LineKind::other);
  }
}

TEST_CASE("the lines that nobody asked for are known as such, links with and without a number") {
  for (const char* line :
       {"WIFI CONNECTED", "WIFI GOT IP", "WIFI DISCONNECT", "WIFI GOT IPv6 LL", "+TIME_UPDATED",
        "+MQTTCONNECTED:0,5,\"x\",\"8883\",\"\",0", "+MQTTDISCONNECTED:0", "+MQTTSUBRECV:0,\"t\",3,abc", "+IPD,0,5",
        "+LINK_CONN:0,0", "+QUITT", "+STA_CONNECTED:\"x\"", "+STA_DISCONNECTED:\"x\"", "+DIST_STA_IP:\"x\"", "CONNECT",
        "CLOSED", "0,CONNECT", "4,CLOSED", "9,CLOSED"}) {
    CAPTURE(line);
    CHECK(kind_of(line) == LineKind::unsolicited);
  }
  for (const char* line :
       {"CONNECTED", "10,CLOSED", "x,CLOSED", "/,CLOSED", ":,CLOSED", "0;CLOSED", ",CLOSED", "0,", "0"}) {
    CAPTURE(line);
    CHECK(kind_of(line) == LineKind::other);
  }
}

TEST_CASE("an error code is the whole rest of its line") {
  CHECK(error_code_of("ERR CODE:0x010a6021") == 0x010a6021);
  CHECK(error_code_of("ERR CODE:0x0") == 0);
  CHECK(kind_of("ERR CODE:0x010b0000") == LineKind::error_code);
  for (const char* line :
       {"ERR CODE:0x", "ERR CODE:0xzz", "ERR CODE:0x010a6021 ", "ERR CODE:0x1ffffffff", "0x010a6021"}) {
    CAPTURE(line);
    CHECK_FALSE(error_code_of(line));
    CHECK(kind_of(line) == LineKind::other);
  }
}

TEST_CASE("of counted payloads messages and socket data come unasked, values that were asked for do not") {
  CHECK(is_unsolicited_head("+MQTTSUBRECV:0,\"t\",3,"));
  CHECK(is_unsolicited_head("+IPD,0,3:"));
  CHECK_FALSE(is_unsolicited_head("+SYSFLASH:3,"));
  CHECK_FALSE(is_unsolicited_head("+SYSMFG:\"a\",\"b\",8,3,"));
  CHECK_FALSE(is_unsolicited_head("+CIPRECVDATA:3,"));
}

}  // namespace atcert::at
