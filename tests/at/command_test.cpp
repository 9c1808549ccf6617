// SPDX-License-Identifier: Apache-2.0
#include "at/command.hpp"

#include <doctest/doctest.h>

namespace atcert::at {

TEST_CASE("a quoted value is escaped as the manual's \"AT Command Types\" says") {
  CommandLine line("AT+CWJAP=");
  line.quoted("my,\"net\"\\").text(",").quoted(Secret(std::string_view("a,b\"c\\d")));
  CHECK(line.wire().reveal_text() == R"(AT+CWJAP="my\,\"net\"\\","a\,b\"c\\d")");
  CHECK(line.shown() == R"(AT+CWJAP="my\,\"net\"\\","***")");
  REQUIRE(line.secrets().size() == 1);
  CHECK(line.secrets()[0].reveal_text() == "a,b\"c\\d");
}

TEST_CASE("numbers and literals are sent as they are") {
  CommandLine line("AT+SYSFLASH=1,");
  line.quoted("mqtt_ca").text(",").number(4096).text(",").number(0);
  CHECK(line.shown() == "AT+SYSFLASH=1,\"mqtt_ca\",4096,0");
  CHECK(line.clone().shown() == line.shown());
}

TEST_CASE("a copy of a command hides what the command hides") {
  CommandLine line("AT+CWJAP=");
  line.quoted(Secret(std::string_view("pass")));
  const CommandLine copy = line.clone();
  CHECK(copy.wire() == line.wire());
  REQUIRE(copy.secrets().size() == 1);
  CHECK(copy.secrets()[0].reveal_text() == "pass");
}

TEST_CASE("the limit of 256 bytes counts the line end") {
  CHECK(CommandLine(std::string(254, 'A')).check());
  const auto too_long = CommandLine(std::string(255, 'A')).check();
  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().kind == ErrorKind::input);
  CHECK(too_long.error().code == "command_too_long");
}

TEST_CASE("a value that would end the line is refused") {
  CommandLine line("AT+CWJAP=");
  line.quoted(Secret(std::string_view("pass\nword")));
  const auto checked = line.check();
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "command_line_end");
  CHECK(checked.error().what.find("pass") == std::string::npos);
}

}  // namespace atcert::at
