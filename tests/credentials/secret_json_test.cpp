// SPDX-License-Identifier: Apache-2.0
// What RFC 8259 says of JSON, and which string is which.
#include <doctest/doctest.h>

#include "credentials/secret_json.hpp"

namespace atcert::credentials {
namespace {

// "none" when there is no such string.
std::string text_at(std::string_view json, std::string_view path) {
  const SecretJson read = read_secret_json(json);
  const Secret* found = read.find(path);
  return found != nullptr ? std::string(found->reveal_text()) : "none";
}

std::string error_of(std::string_view json) {
  return read_secret_json(json).error.value_or("none");
}

}  // namespace

TEST_CASE("a string is found by its whole path alone") {
  const std::string json = R"({"list": [{"certificatePem": "in a list"}, ["deep"]], "keyPair": {"PrivateKey": "key"}})";
  CHECK(text_at(json, "certificatePem") == "none");
  CHECK(text_at(json, "list[0].certificatePem") == "in a list");
  CHECK(text_at(json, "list[1][0]") == "deep");
  CHECK(text_at(json, "keyPair.PrivateKey") == "key");
  CHECK(text_at(json, "PrivateKey") == "none");
  CHECK(text_at(R"([{"keyPair": {"PrivateKey": "key"}}])", "keyPair.PrivateKey") == "none");
  CHECK(text_at(R"([{"keyPair": {"PrivateKey": "key"}}])", "[0].keyPair.PrivateKey") == "key");
}

TEST_CASE("a name with dots or brackets is no path") {
  CHECK(text_at(R"({"keyPair.PrivateKey": "wrong"})", "keyPair.PrivateKey") == "none");
  CHECK(text_at(R"({"keyPair.PrivateKey": "wrong"})", "keyPair\\.PrivateKey") == "wrong");
  CHECK(text_at(R"({"list[0]": "wrong"})", "list[0]") == "none");
  CHECK(text_at(R"({"": {"a": "x"}})", "a") == "none");
  const std::string name(300, 'a');
  CHECK(text_at("{\"" + name + "\": {\"b\": \"x\"}}", "b") == "none");
  CHECK(text_at("{\"" + name + "\": \"x\"}", name) == "none");
}

TEST_CASE("a member that is given twice is refused") {
  CHECK(error_of(R"({"a": "x", "b": {"a": "y"}, "c": [{"a": "z"}]})") == "none");
  CHECK(error_of(R"({"a": "x", "a": "y"})") == "gives a member twice, at byte 11");
  CHECK(error_of(R"({"a": 1, "\u0061": 2})") == "gives a member twice, at byte 9");
  CHECK(error_of(R"({"b": [{"a": {}, "a": []}]})") == "gives a member twice, at byte 17");
}

TEST_CASE("numbers and literals are those of RFC 8259") {
  for (const char* good : {"0", "-0", "10", "1.5", "-1.5e3", "1E+2", "1e-2", "0.0", "true", "false", "null", " 1 "}) {
    CAPTURE(good);
    CHECK(error_of(good) == "none");
  }
  for (const char* bad : {"-", "01", "+1", ".5", "1.", "1e", "1e+", "-.5", "0x1", "1.e1", "True", "nul", "truefalse",
                          "NaN", "Infinity", "1 2"}) {
    CAPTURE(bad);
    CHECK(error_of(bad).starts_with("is not JSON from byte "));
  }
}

TEST_CASE("a string has no raw control characters and no broken escapes") {
  for (const char* bad : {"\"a\nb\"", "\"a\tb\"", "\"\x01\"", R"("\x")", R"("\u12")", R"("\u12G4")", R"("a)", R"("\)",
                          R"("\uD83D")", R"("\uD83Dx")", R"("\uD83D\n")", R"("\uD83DA")", R"("\uDE00")"}) {
    CAPTURE(bad);
    CHECK(error_of(bad).starts_with("is not JSON from byte "));
  }
  CHECK(error_of(std::string_view("\"\0\"", 3)) == "is not JSON from byte 1 on");
}

TEST_CASE("escapes stand for their characters, surrogates for one") {
  CHECK(text_at(R"({"a": "\"\\\/\b\f\n\r\t"})", "a") == "\"\\/\b\f\n\r\t");
  // RFC 3629 section 7 and RFC 8259 section 7
  CHECK(text_at(R"({"a": "A\u2262\u0391."})", "a") == "A\xE2\x89\xA2\xCE\x91.");
  CHECK(text_at(R"({"a": "\uD834\uDD1E"})", "a") == "\xF0\x9D\x84\x9E");
  CHECK(text_at(R"({"a": "\u0000\u007f\u0080\u07FF\u0800\uFFFF"})", "a") ==
        std::string("\0\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF", 12));
}

TEST_CASE("nesting and the number of strings have limits") {
  CHECK(error_of(std::string(34, '[') + std::string(34, ']')) == "is nested too deep, at byte 33");
  CHECK(error_of(std::string(33, '[') + std::string(33, ']')) == "none");
  std::string many = "[\"\"";
  for (int i = 1; i < 1001; ++i) many += ",\"\"";
  CHECK(error_of(many + "]").starts_with("holds too many texts, at byte "));
}

}  // namespace atcert::credentials
