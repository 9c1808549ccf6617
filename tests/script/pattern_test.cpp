// SPDX-License-Identifier: Apache-2.0
#include "script/pattern.hpp"

#include <doctest/doctest.h>

#include "base/redactor.hpp"

namespace atcert::script {
namespace {

const Values kValues = [] {
  Values values;
  values.emplace("topic", "a/<b>");
  return values;
}();

// What `source` captures from `line`; nothing when it does not match.
std::optional<Captures> captured(const std::string& source, std::string_view line) {
  Node node;
  node.kind = Node::Kind::string;
  node.text = source;
  auto pattern = parse_pattern(node, "test.json");
  REQUIRE_MESSAGE(pattern.ok(), pattern.error().what);
  const Captures before;
  Captures found;
  if (!match(*pattern, Redactor().admit(line), {kValues, before}, found)) return std::nullopt;
  return found;
}

bool matches(const std::string& source, std::string_view line) {
  return captured(source, line).has_value();
}

}  // namespace

TEST_CASE("a pattern matches the whole line") {
  CHECK(matches("OK", "OK"));
  CHECK_FALSE(matches("OK", "OK "));
  CHECK_FALSE(matches("OK", "O"));
}

TEST_CASE("a number hole takes digits with a sign and nothing else") {
  CHECK(captured("+CWMODE:<mode:number>", "+CWMODE:3")->at("mode") == "3");
  CHECK(captured("<n:number>", "-12")->at("n") == "-12");
  CHECK_FALSE(matches("<number>", ""));
  CHECK_FALSE(matches("<number>", "-"));
  CHECK_FALSE(matches("<number>", "1a"));
  CHECK_FALSE(matches("<number>", "123456789012345678901"));
}

TEST_CASE("a text hole reaches to the first place where the pattern goes on") {
  CHECK(captured("+CWJAP:\"<ssid:text>\",<text>", "+CWJAP:\"ap\",\"00:11\",6")->at("ssid") == "ap");
  CHECK(captured("+MQTTCONNECTED:0,<rest:text>", "+MQTTCONNECTED:0,5,\"h\",\"8883\",\"\",0")->at("rest") ==
        "5,\"h\",\"8883\",\"\",0");
  CHECK(captured("<a:text>:<b:text>", ":")->at("a").empty());
  CHECK_FALSE(matches("<text>:x", "ab"));
}

TEST_CASE("a list hole takes only what may be sent back as it is") {
  CHECK(captured("+CIPSNTPCFG:<l:list>", "+CIPSNTPCFG:1,8,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\"")->at("l") ==
        "1,8,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\"");
  CHECK(captured("+CIPSNTPCFG:<l:list>", "+CIPSNTPCFG:0")->at("l") == "0");
  for (const char* line : {"+X:", "+X:1,", "+X:1,\"a", "+X:\"a\\\"", "+X:1,b", "+X:1 ", "+X:\"a\"\"b\""}) {
    CHECK_MESSAGE(!matches("+X:<list>", line), line);
  }
}

TEST_CASE("a time hole takes the module's time in both paddings") {
  CHECK(captured("+CIPSNTPTIME:<t:time>", "+CIPSNTPTIME:Thu Jan  1 00:02:08 1970")->at("t") ==
        "Thu Jan  1 00:02:08 1970");
  CHECK(matches("+CIPSNTPTIME:<time>", "+CIPSNTPTIME:Thu Jan 01 00:00:00 1970"));
  CHECK_FALSE(matches("+CIPSNTPTIME:<time>", "+CIPSNTPTIME:soon"));
}

TEST_CASE("variables stand for their text, whatever it holds") {
  CHECK(matches("+MQTTSUBRECV:0,\"${topic}\",<number>,", "+MQTTSUBRECV:0,\"a/<b>\",27,"));
  CHECK_FALSE(matches("+MQTTSUBRECV:0,\"${topic}\",<number>,", "+MQTTSUBRECV:0,\"a/b\",27,"));
}

TEST_CASE("a doubled angle bracket is the character") {
  CHECK(matches("a<<b><text>", "a<b>c"));
}

TEST_CASE("nothing is captured from a line that does not match") {
  const Captures before;
  Captures found;
  Node node;
  node.kind = Node::Kind::string;
  node.text = "<a:number>,x";
  const auto pattern = parse_pattern(node, "test.json");
  REQUIRE(pattern.ok());
  CHECK_FALSE(match(*pattern, Redactor().admit("1,y"), {kValues, before}, found));
  CHECK(found.empty());
}

TEST_CASE("hostile lines cost no more than their length") {
  const std::string line(4096, ',');
  CHECK_FALSE(matches("<text>,<text>,<text>,<text>,<text>x", line));
}

TEST_CASE("a line with a secret in it matches as it came, and its capture does not carry the secret") {
  Node node;
  node.kind = Node::Kind::string;
  const auto captured_of = [&node](const char* source, const char* line) {
    node.text = source;
    const auto pattern = parse_pattern(node, "test.json");
    REQUIRE(pattern);
    Redactor door;
    door.hide(Secret(std::string_view("31415926")));
    Captures found;
    const Captures before;
    CHECK(match(*pattern, door.admit(line), {kValues, before}, found));
    return found;
  };
  CHECK(captured_of("+X:<all:text>,1", "+X:a31415926b,1").at("all") == "a***b");
  CHECK(captured_of("+X:<all:number>", "+X:31415926").empty());
}

}  // namespace atcert::script
