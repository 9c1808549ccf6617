// SPDX-License-Identifier: Apache-2.0
#include "at/outstanding.hpp"

#include <doctest/doctest.h>

namespace atcert::at {

TEST_CASE("at the start it is unknown what is outstanding") {
  const Outstanding outstanding;
  CHECK(outstanding.unknown());
  CHECK_FALSE(outstanding.nothing());
  CHECK_FALSE(outstanding.owed());
}

TEST_CASE("a command without a result is owed until its result comes") {
  Outstanding outstanding;
  const SteadyTime end{std::chrono::seconds(9)};
  outstanding.owe("AT+MQTTCONN", end);
  CHECK(outstanding.owed());
  CHECK(outstanding.command() == "AT+MQTTCONN");
  CHECK(outstanding.until() == end);
  CHECK_FALSE(outstanding.perhaps_dropped());
  outstanding.settle(end);
  CHECK(outstanding.nothing());
  CHECK(outstanding.command().empty());
}

TEST_CASE("a line that met a busy module may run after the command that is owed") {
  Outstanding outstanding;
  outstanding.owe("AT+MQTTCONN", SteadyTime());
  outstanding.queue("AT");
  const SteadyTime end{std::chrono::seconds(10)};
  outstanding.settle(end);
  CHECK(outstanding.owed());
  CHECK(outstanding.command() == "AT");
  CHECK(outstanding.until() == end);
  CHECK(outstanding.perhaps_dropped());
  outstanding.settle(end);
  CHECK(outstanding.nothing());
}

TEST_CASE("a command that was given up stays so until another is owed") {
  Outstanding outstanding;
  outstanding.owe("AT+MQTTCONN", SteadyTime());
  CHECK_FALSE(outstanding.given_up());
  outstanding.give_up();
  outstanding.owe("AT+MQTTCONN", SteadyTime(std::chrono::seconds(1)));
  CHECK(outstanding.given_up());
  outstanding.owe("AT+CWJAP", SteadyTime());
  CHECK_FALSE(outstanding.given_up());
  outstanding.give_up();
  outstanding.clear();
  outstanding.owe("AT+CWJAP", SteadyTime());
  CHECK_FALSE(outstanding.given_up());
}

TEST_CASE("a restart leaves nothing outstanding, and nothing queued") {
  Outstanding outstanding;
  outstanding.owe("AT+MQTTCONN", SteadyTime());
  outstanding.queue("AT");
  outstanding.clear();
  CHECK(outstanding.nothing());
  outstanding.settle(SteadyTime());
  CHECK(outstanding.nothing());
}

}  // namespace atcert::at
