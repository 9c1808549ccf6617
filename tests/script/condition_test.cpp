// SPDX-License-Identifier: Apache-2.0
#include "script/condition.hpp"

#include <doctest/doctest.h>

#include "script/node.hpp"
#include "script/scripts.hpp"

namespace atcert::script {
namespace {

struct Asker {
  Asker() {
    values.emplace("port", "443");
    values.emplace("empty", "");
    values.emplace("password", Secret(std::string_view("12345678")));
  }

  Truth ask(const std::string& json, bool running = false) const {
    const auto node = parse_json(json, script_source("test.json"));
    REQUIRE(node.ok());
    const auto condition = parse_condition(*node, "test.json");
    REQUIRE_MESSAGE(condition.ok(), condition.error().what);
    const Scope scope{values, captures};
    return evaluate(*condition, {module, scope, running, [](std::string_view step) { return step == "join"; },
                                 [](std::string_view step) { return step == "wait"; }});
  }

  Values values;
  Captures captures;
  ModuleFacts module = old_module();
};

}  // namespace

TEST_CASE("releases are compared place by place") {
  const Asker asker;  // 2.4.0.0
  CHECK(asker.ask(R"({"release_from": "2.4"})") == Truth::yes);
  CHECK(asker.ask(R"({"release_from": "2.4.0.1"})") == Truth::no);
  CHECK(asker.ask(R"({"release_from": "2.10"})") == Truth::no);
  CHECK(asker.ask(R"({"release_before": "2.4.0.0"})") == Truth::no);
  CHECK(asker.ask(R"({"release_from": "2", "release_before": "3"})") == Truth::yes);
}

TEST_CASE("generation and commands are the module's") {
  const Asker asker;
  CHECK(asker.ask(R"({"generation": "pki"})") == Truth::yes);
  CHECK(asker.ask(R"({"generation": "nvs"})") == Truth::no);
  CHECK(asker.ask(R"({"command": "AT+SYSSTORE"})") == Truth::yes);
  CHECK(asker.ask(R"({"command": "AT+MQTTSNI"})") == Truth::no);
}

TEST_CASE("variables are asked for content, length and value") {
  const Asker asker;
  CHECK(asker.ask(R"({"set": "port"})") == Truth::yes);
  CHECK(asker.ask(R"({"set": "empty"})") == Truth::no);
  CHECK(asker.ask(R"({"set": "password"})") == Truth::yes);
  CHECK(asker.ask(R"({"longer": {"name": "password", "than": 7}})") == Truth::yes);
  CHECK(asker.ask(R"({"longer": {"name": "password", "than": 8}})") == Truth::no);
  CHECK(asker.ask(R"({"equals": {"name": "port", "value": 443}})") == Truth::yes);
  CHECK(asker.ask(R"({"equals": {"name": "port", "value": "8883"}})") == Truth::no);
}

TEST_CASE("what is captured or sent is known only while the script runs") {
  Asker asker;
  CHECK(asker.ask(R"({"set": "mode"})") == Truth::later);
  CHECK(asker.ask(R"({"not": {"set": "mode"}})") == Truth::later);
  CHECK(asker.ask(R"({"set": "mode"})", true) == Truth::no);
  CHECK(asker.ask(R"({"after": "join"})") == Truth::later);
  CHECK(asker.ask(R"({"after": "join"})", true) == Truth::yes);
  CHECK(asker.ask(R"({"after": "leave"})", true) == Truth::no);
  CHECK(asker.ask(R"({"failed": "wait"})") == Truth::later);
  CHECK(asker.ask(R"({"failed": "wait"})", true) == Truth::yes);
  CHECK(asker.ask(R"({"failed": "join"})", true) == Truth::no);
  asker.captures.emplace("mode", "3");
  CHECK(asker.ask(R"({"set": "mode"})", true) == Truth::yes);
}

TEST_CASE("conditions combine") {
  const Asker asker;
  CHECK(asker.ask(R"({"any": [{"generation": "nvs"}, {"set": "port"}]})") == Truth::yes);
  CHECK(asker.ask(R"({"any": [{"generation": "nvs"}, {"set": "empty"}]})") == Truth::no);
  CHECK(asker.ask(R"({"any": [{"generation": "nvs"}, {"set": "mode"}]})") == Truth::later);
  CHECK(asker.ask(R"({"all": [{"set": "mode"}, {"generation": "nvs"}]})") == Truth::no);
  CHECK(asker.ask(R"({"set": "mode", "generation": "pki"})") == Truth::later);
  CHECK(asker.ask(R"({"not": {"generation": "nvs"}})") == Truth::yes);
}

}  // namespace atcert::script
