// SPDX-License-Identifier: Apache-2.0
// Replies as Espressif's manuals and published logs have them.
#include "diagnosis/answers.hpp"

#include <doctest/doctest.h>

#include "base/redactor.hpp"

namespace atcert::diagnosis {
namespace {

std::vector<OutsideText> admitted(const std::vector<std::string>& lines) {
  Redactor door;
  std::vector<OutsideText> texts;
  for (const std::string& line : lines) texts.push_back(door.admit(line));
  return texts;
}

Answers networks(const std::vector<std::string>& lines, const std::string& ssid) {
  Answers answers;
  read_networks(admitted(lines), ssid, answers);
  return answers;
}

}  // namespace

TEST_CASE("the first number of a line") {
  CHECK(first_number(admitted({"+CWSTATE:2,\"EXAMPLE-AP\""}), "+CWSTATE:") == 2);
  CHECK(first_number(admitted({"+SYSRAM:166096,147832"}), "+SYSRAM:") == 166096);
  CHECK_FALSE(first_number(admitted({"+CWMODE:"}), "+CWMODE:"));
  CHECK_FALSE(first_number(admitted({"WIFI CONNECTED"}), "+CWMODE:"));
}

TEST_CASE("AT+CWLAP names the network, its security and its signal") {
  // espressif/esp-at issue 804
  const std::vector<std::string> log{R"(+CWLAP:(3,"EXAMPLE-AP",-48,"02:00:00:00:aa:44",6,-1,-1,4,4,7,0))",
                                     R"(+CWLAP:(4,"OTHER, \"NET\"",-81,"02:00:00:00:aa:45",11,-1,-1,5,3,7,1))"};
  const Answers first = networks(log, "EXAMPLE-AP");
  CHECK(first.network_seen == true);
  CHECK(first.network.security == "WPA2_PSK");
  CHECK(first.network.power == -48);
  CHECK_FALSE(first.similar);
  CHECK(networks(log, "OTHER, \"NET\"").network.power == -81);
  const Answers none = networks(log, "example-ap ");
  CHECK(none.network_seen == false);
  CHECK(none.similar == "EXAMPLE-AP");
  CHECK(networks({}, "x").network_seen == false);
}

TEST_CASE("of several access points of one name the strongest counts") {
  const Answers answers =
      networks({R"(+CWLAP:(3,"x",-80,"02:00:00:00:aa:44",6))", R"(+CWLAP:(6,"x",-50,"02:00:00:00:aa:45",1))",
                R"(+CWLAP:(0,"x",-60,"02:00:00:00:aa:46",1))"},
               "x");
  CHECK(answers.network.power == -50);
  CHECK(answers.network.security == "WPA3_PSK");
}

TEST_CASE("AT+CIPDOMAIN with and without quotes") {
  CHECK(read_address(admitted({"+CIPDOMAIN:\"192.0.2.7\""})) == "192.0.2.7");
  CHECK(read_address(admitted({"+CIPDOMAIN:192.0.2.7"})) == "192.0.2.7");
  CHECK(read_address(admitted({"DNS Fail"})).empty());
}

TEST_CASE("AT+CIPDNS? lists the name servers") {
  CHECK(read_name_servers(admitted({"+CIPDNS:0,\"192.0.2.1\",\"222.222.67.208\",\"0.0.0.0\""})).size() == 3);
  CHECK(read_name_servers(admitted({"+CIPDNS:0"})).empty());
  CHECK(read_name_servers(admitted({"+CIPDNS:1,\"8.8"})).empty());
}

TEST_CASE("AT+CIPSNTPTIME? gives the year and how far the clock is off") {
  const WallTime now = WallTime(std::chrono::seconds(1'642'623'190));  // Wed Jan 19 20:13:10 2022
  Answers answers;
  read_clock(admitted({"+CIPSNTPTIME:Wed Jan 19 20:13:00 2022"}), now, answers);
  CHECK(answers.clock_year == 2022);
  CHECK(answers.clock_off == 10);
  read_clock(admitted({"+CIPSNTPTIME:Thu Jan  1 00:02:08 1970"}), now, answers);
  CHECK(answers.clock_year == 1970);
}

TEST_CASE("AT+MQTTCONN? gives state and scheme") {
  Answers answers;
  read_mqtt(admitted({"+MQTTCONN:0,3,5,\"h\",\"8883\",\"\",1"}), answers);
  CHECK(answers.mqtt_state == 3);
  CHECK(answers.mqtt_scheme == 5);
}

TEST_CASE("+ERRNO lines are kept in their order") {
  Answers answers;
  read_socket_errors(admitted({"+ERRNO:0x8006", "CLOSED", "+ERRNO:0x2700", "+ERRNO:0x"}), answers);
  CHECK(answers.socket_errors == std::vector<std::uint32_t>{0x8006, 0x2700});
}

}  // namespace atcert::diagnosis
