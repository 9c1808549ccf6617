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

TEST_CASE("each subcategory says what was wrong with the line, parameters counted from one") {
  CHECK(explain(0x01010000, "AT+X") == "a common error");
  CHECK(explain(0x01020000, "AT+X").find("CR LF") != std::string::npos);
  CHECK(explain(0x01030000, "AT+X").find("did not begin with AT") != std::string::npos);
  CHECK(explain(0x01040000, "AT+X") == "parameter 1 has a wrong length");
  CHECK(explain(0x01050001, "AT+X") == "parameter 2 has a wrong type");
  CHECK(explain(0x01070002, "AT+X") == "parameter 3 has a wrong value");
  CHECK(explain(0x010b0000, "AT+X").find("still running") != std::string::npos);
  CHECK(explain(0x010c0000, "AT+X").find("this form") != std::string::npos);
  CHECK(explain(0x010d0000, "AT+X") == "unknown code 0x010d0000");
  CHECK(explain(0x02090000, "AT+X") == "unknown code 0x02090000");
}

// "AT+MQTTCONN" and its neighbours in the manual, section "MQTT AT Error Codes".
TEST_CASE("the codes of the MQTT commands have their meaning from the first to the last") {
  struct Known {
    unsigned first;
    unsigned last;
    const char* words;
  };
  constexpr Known kManual[] = {
      {0x6001, 0x6001, "AT+MQTTUSERCFG"},
      {0x6002, 0x6002, "a client exists already"},
      {0x6003, 0x6003, "nothing to clean"},
      {0x6004, 0x6004, "already connected"},
      {0x6005, 0x6005, "out of memory"},
      {0x6006, 0x6006, "not connected"},
      {0x6007, 0x6008, "number of parameters"},
      {0x6009, 0x600a, "TLS parameters"},
      {0x600b, 0x600b, "could not start"},
      {0x600c, 0x600f, "outbox"},
      {0x6010, 0x6020, "a parameter"},
      {0x6021, 0x6021, "no root CA"},
      {0x6022, 0x6022, "root CA is damaged"},
      {0x6023, 0x6023, "no device certificate"},
      {0x6024, 0x6024, "certificate is damaged"},
      {0x6025, 0x6025, "no private key"},
      {0x6026, 0x6026, "private key is damaged"},
      {0x6027, 0x604d, "a parameter"},
      {0x604e, 0x604f, "out of memory"},
      {0x6050, 0x6050, "cannot be parsed"},
      {0x6051, 0x6051, "reconnecting"},
      {0x6052, 0x6052, "host name"},
  };
  unsigned next = 0x6001;
  for (const Known& known : kManual) {
    CHECK(known.first == next);
    for (unsigned code = known.first; code <= known.last; ++code) {
      CAPTURE(code);
      CHECK(explain(0x010a0000 + code, "AT+MQTTCONN").find(known.words) != std::string::npos);
    }
    next = known.last + 1;
  }
  CHECK(explain(0x010a6000, "AT+MQTTCONN") == "the command failed with 0x6000");
  CHECK(explain(0x010a6053, "AT+MQTTCONN") == "the command failed with 0x6053");
}

TEST_CASE("the codes of AT+SYSFLASH end at three") {
  CHECK(explain(0x010a0000, "AT+SYSFLASH=2").find("no such partition") != std::string::npos);
  CHECK(explain(0x010a0002, "AT+SYSFLASH=1").find("memory") != std::string::npos);
  CHECK(explain(0x010a0003, "AT+SYSFLASH=1").find("read or written") != std::string::npos);
  CHECK(explain(0x010a0004, "AT+SYSFLASH=1") == "the command failed with 0x0004");
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
