// SPDX-License-Identifier: Apache-2.0
// Examples from ESP-AT's documents: AT Command Types, AT+CWJAP.
#include "emulator/command_line.hpp"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace atcert::emulator {
namespace {

struct Parsed {
  CommandLine line;
  std::shared_ptr<std::vector<std::uint32_t>> errors = std::make_shared<std::vector<std::uint32_t>>();
};

Parsed parse(std::string_view text) {
  Parsed parsed;
  parsed.line = parse_command_line(as_bytes(std::string(text) + "\r\n"),
                                   [errors = parsed.errors](std::uint32_t code) { errors->push_back(code); });
  return parsed;
}

}  // namespace

TEST_CASE("the four forms are told apart and names are upper-cased") {
  CHECK(parse("at+cwmode=?").line.form == Form::test);
  CHECK(parse("AT+CWMODE?").line.form == Form::query);
  CHECK(parse("aT+CWMODE=1").line.form == Form::set);
  CHECK(parse("At+gmr").line.form == Form::execute);
  CHECK(parse("at+gmr").line.name == "+GMR");
  CHECK(parse("AT").line.name.empty());
  CHECK(parse("ATE0").line.name == "E0");
}

TEST_CASE("a line that does not start with AT is refused") {
  CHECK(parse("").line.error == 0x01030000);
  CHECK(parse("X").line.error == 0x01030000);
  CHECK(parse("XAT+GMR").line.error == 0x01030000);
  CHECK(parse("AT" + std::string(253, 'A')).line.error == 0x01030000);
  CHECK(parse("AT" + std::string(252, 'A')).line.error == 0);
}

TEST_CASE("escaped commas, quotes and backslashes belong to the string") {
  const Parsed parsed = parse(R"(AT+CWJAP="ab\\\,c","0123456789\"\\")");
  REQUIRE(parsed.line.parameters.count() == 2);
  CHECK(parsed.line.parameters.text(0).value == R"(ab\,c)");
  CHECK(parsed.line.parameters.text(1).value == R"(0123456789"\)");
  CHECK(parse(R"(AT+X="\a")").line.parameters.text(0).value == "a");
}

TEST_CASE("a comma that is not escaped splits a quoted string") {
  const Parsed parsed = parse(R"(AT+MQTTPUB=0,"messages/log","765933, 94875095",0,0)");
  CHECK(parsed.line.parameters.count() == 6);
  CHECK(parsed.line.parameters.text(2).failed());
  CHECK(*parsed.errors == std::vector<std::uint32_t>{0x01080002});
}

TEST_CASE("omitted parameters keep their place") {
  const Parsed parsed = parse(R"(AT+CWJAP="s","p",,1)");
  REQUIRE(parsed.line.parameters.count() == 4);
  CHECK(parsed.line.parameters.text(2).read == Read::omitted);
  CHECK(parsed.line.parameters.number(3).value == 1);
  CHECK(parsed.errors->empty());
}

TEST_CASE("numbers are decimal, negative or hexadecimal") {
  const Parsed parsed = parse("AT+X=0x1C000,-330,4294967296,12a,\"1\",0");
  CHECK(parsed.line.parameters.number(0).value == 0x1C000);
  CHECK(parsed.line.parameters.number(1).value == -330);
  CHECK(parsed.line.parameters.number(2).failed());
  CHECK(parsed.errors->empty());  // too large: fails without a code
  CHECK(parsed.line.parameters.number(3).failed());
  CHECK(parsed.line.parameters.number(4).failed());
  CHECK(parsed.line.parameters.number(5).value == 0);
  CHECK(parsed.line.parameters.number(6).failed());
  CHECK(*parsed.errors == std::vector<std::uint32_t>{0x01080003, 0x01080004, 0x01080006});
}

TEST_CASE("strings need both quotes and none inside") {
  for (const char* text : {R"(AT+X=abc)", R"(AT+X="abc)", R"(AT+X=abc")", R"(AT+X="a"b")"}) {
    CAPTURE(text);
    CHECK(parse(text).line.parameters.text(0).failed());
  }
  CHECK(parse(R"(AT+X="")").line.parameters.text(0).ok());
}

}  // namespace atcert::emulator
