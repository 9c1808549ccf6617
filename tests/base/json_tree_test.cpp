// SPDX-License-Identifier: Apache-2.0
// The one reader of JSON: what RFC 8259 has is read, what it does not have is refused with its line.
#include <doctest/doctest.h>

#include "base/json_object.hpp"
#include "base/json_tree.hpp"

namespace atcert {
namespace {

JsonSource source() {
  return {"a.json", "bad", "mend it"};
}

std::string refusal(std::string_view text) {
  const auto read = parse_json(text, source());
  if (read) return "none";
  CHECK(read.error().kind == ErrorKind::input);
  CHECK(read.error().code == "bad");
  CHECK(read.error().remedy == "mend it");
  return read.error().what;
}

}  // namespace

TEST_CASE("every value of a document knows its line") {
  const auto root = parse_json("{\"a\": 1,\n\"b\": [true,\nnull, -1, 1.5, \"x\\u00fc\\ud83d\\ude00\"]}", source());
  REQUIRE(root.ok());
  CHECK(root->find("a")->number == 1);
  const JsonNode& list = *root->find("b");
  CHECK(list.line == 2);
  REQUIRE(list.children.size() == 5);
  CHECK(list.children[0].boolean);
  CHECK(list.children[1].kind == JsonNode::Kind::null);
  CHECK(list.children[1].line == 3);
  CHECK(list.children[2].kind == JsonNode::Kind::other_number);
  CHECK(list.children[3].kind == JsonNode::Kind::other_number);
  CHECK(list.children[4].text == "x\xC3\xBC\xF0\x9F\x98\x80");
}

TEST_CASE("a number that is out of range is bad input, wherever it stands") {
  CHECK(refusal("1e999") == "a.json:1: a number that is out of range");
  CHECK(refusal("[1,\n-1e999]") == "a.json:2: a number that is out of range");
  CHECK(refusal("{\"a\": {\"b\":\n1" + std::string(400, '0') + ".0}}") == "a.json:2: a number that is out of range");
}

TEST_CASE("what is no JSON is refused with its place and none of its text") {
  CHECK(refusal("") == "a.json:1: not JSON: it ends too early");
  CHECK(refusal("{\"a\":\n") == "a.json:2: not JSON: it ends too early");
  CHECK(refusal("{\"a\":\n  secret}") == "a.json:2: not JSON: from column 3 on");
  CHECK(refusal("[1] secret") == "a.json:1: not JSON: from column 5 on");
  CHECK(refusal("-----BEGIN RSA PRIVATE KEY-----").find("BEGIN") == std::string::npos);
  CHECK(refusal(std::string_view("[1]\n\0[2]", 8)) == "a.json:2: not JSON: a NUL byte");
  for (const char* text : {"[01]", "[1.]", "[.5]", "[+1]", "[-]", "[1e]", "[\"a\nb\"]", "[\"\\x\"]", "[\"\\ud800\"]",
                           "[\"\\udc00\"]", "[\"\xFF\"]", "[1,]", "[nul]", "{1: 2}", "[1} ", "/* c */ 1"}) {
    CAPTURE(text);
    CHECK(refusal(text).starts_with("a.json:1: not JSON"));
  }
  CHECK(parse_json("/* c */ [1] // d", {"a.json", "bad", "", true}).ok());
}

TEST_CASE("deep nesting is refused before anything overflows") {
  CHECK(refusal(std::string(24, '[') + std::string(24, ']')) == "none");
  CHECK(refusal(std::string(500'000, '[')) == "a.json:1: nested more than 24 deep");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  CHECK(refusal(objects) == "a.json:1: nested more than 24 deep");
}

TEST_CASE("doubled members and files that are too large are refused") {
  CHECK(refusal("{\"a\": 1,\n\"\\u0061\": 2}") == "a.json:2: \"a\" is given twice, first in line 1");
  CHECK(refusal("[{\"a\": 1}, {\"a\": 2}]") == "none");
  const std::string line = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  CHECK(refusal("{\"" + line + "\": 1, \"" + line + "\": 2}") ==
        "a.json:1: \"(64 characters)\" is given twice, first in line 1");
  CHECK(refusal("[" + std::string(1024 * 1024, ' ') + "]") == "a.json:1: larger than 1048576 bytes");
}

TEST_CASE("members are read by name and type, and what is wrong is told with its line") {
  const auto root =
      parse_json("{\"t\": \"x\", \"n\": 7, \"f\": true,\n\"l\": [1], \"z\": null, \"e\": \"\"}", source());
  REQUIRE(root.ok());
  const auto object = JsonObject::of(*root, source(), "a thing");
  REQUIRE(object.ok());
  CHECK(*object->text("t") == "x");
  CHECK(*object->required_number("n") == 7);
  CHECK(*object->flag("f"));
  CHECK(object->list("l")->size() == 1);
  CHECK_FALSE(object->text_or_null("z")->has_value());
  CHECK(*object->text_or("missing", "other") == "other");
  CHECK(object->text("e").error().what == "a.json:2: \"e\" is empty");
  CHECK(object->text("n").error().what == "a.json:1: \"n\" must be a string, not a number");
  CHECK(object->text_or_null("missing").error().what == "a.json:1: \"missing\" is missing");
  CHECK(object->required_number("missing").error().what == "a.json:1: \"missing\" is missing");
  CHECK(object->list("t").error().what == "a.json:1: \"t\" must be a list, not a string");
  CHECK(JsonObject::of(root->children[0], source(), "a thing").error().what ==
        "a.json:1: a thing is an object, not a string");
}

}  // namespace atcert
