// SPDX-License-Identifier: Apache-2.0
#include "at/error_code.hpp"

#include <doctest/doctest.h>

namespace atcert::at {

TEST_CASE("codes are explained as the manual of AT+SYSLOG has them") {
  CHECK(explain(0x01090000, "AT+FS") == "the firmware does not have this command");
  CHECK(explain(0x01080002, "AT+MQTTPUB") == "parameter 3 cannot be parsed");
  CHECK(explain(0x01060403, "AT+X") == "4 parameters are needed, 3 were given");
  CHECK(explain(0x010a6023, "AT+MQTTCONN").find("no device certificate") != std::string::npos);
  CHECK(explain(0x010a0001, "AT+SYSFLASH=1").find("beyond the partition") != std::string::npos);
  CHECK(explain(0x010a0001, "AT+X") == "the command failed with 0x0001");
  CHECK(explain(0x7fffffff, "AT+X") == "unknown code 0x7fffffff");
}

TEST_CASE("a refusal has the module's words and explains each code, the root first") {
  Reply reply;
  reply.error_codes = {0x010a6021, 0x010a600a};
  const Error error = refusal("AT+MQTTCONN=0", reply);
  CHECK(error.kind == ErrorKind::module);
  CHECK(error.what == "the module refused AT+MQTTCONN=0: ERR CODE:0x010a6021, ERR CODE:0x010a600a, ERROR");
  CHECK(error.cause ==
        "the module has no root CA, or not in a form that it can read; the TLS parameters could not be prepared");
}

}  // namespace atcert::at
