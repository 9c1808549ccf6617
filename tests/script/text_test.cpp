// SPDX-License-Identifier: Apache-2.0
#include "script/text.hpp"

#include <doctest/doctest.h>

namespace atcert::script {
namespace {

Text text_of(const std::string& source) {
  Node node;
  node.kind = Node::Kind::string;
  node.text = source;
  auto text = parse_text(node, "test.json");
  REQUIRE_MESSAGE(text.ok(), text.error().what);
  return *std::move(text);
}

struct Names {
  Names() {
    values.emplace("ssid", "ab\\,c");
    values.emplace("password", Secret(std::string_view("0123456789\"\\")));
  }
  Scope scope() const { return {values, captures}; }

  Values values;
  Captures captures;
};

}  // namespace

TEST_CASE("quoted values are escaped as Espressif's example for AT+CWJAP has it") {
  // "if SSID is ab\,c and password is 0123456789"\": AT+CWJAP="ab\\\,c","0123456789\"\\"
  const Names names;
  const at::CommandLine line = render_command(text_of("AT+CWJAP=${ssid|quoted},${password|quoted}"), names.scope());
  CHECK(line.wire().reveal_text() == R"(AT+CWJAP="ab\\\,c","0123456789\"\\")");
  CHECK(line.shown().find("0123456789") == std::string::npos);
  CHECK(line.shown().starts_with(R"(AT+CWJAP="ab\\\,c",)"));
}

TEST_CASE("a secret is sent as data byte for byte and shown as stars") {
  const Names names;
  CHECK(render_data(text_of("<${password}>"), names.scope()).reveal_text() == "<0123456789\"\\>");
  CHECK(render(text_of("${password}"), names.scope()) == "***");
  CHECK(preview(text_of("${password|quoted}"), names.scope()) == "\"***\"");
}

TEST_CASE("the length of a value counts its bytes") {
  const Names names;
  CHECK(render(text_of("${ssid|length},${password|length}"), names.scope()) == "5,12");
}

TEST_CASE("values are not looked into for further variables") {
  Names names;
  names.values.insert_or_assign("ssid", Value("${password}"));
  CHECK(render(text_of("${ssid}"), names.scope()) == "${password}");
}

TEST_CASE("a dollar sign is itself unless a brace follows") {
  const Names names;
  CHECK(render(text_of("$aws/things"), names.scope()) == "$aws/things");
  CHECK(render(text_of("$${ssid}$"), names.scope()) == "${ssid}$");
}

TEST_CASE("what is not known yet is named and shown as such") {
  Names names;
  const Text text = text_of("AT+CWMODE=${mode}");
  CHECK(missing_name(text, names.scope()) == "mode");
  CHECK(preview(text, names.scope()) == "AT+CWMODE=<mode>");
  names.captures.emplace("mode", "3");
  CHECK_FALSE(missing_name(text, names.scope()));
  CHECK(preview(text, names.scope()) == "AT+CWMODE=3");
}

}  // namespace atcert::script
