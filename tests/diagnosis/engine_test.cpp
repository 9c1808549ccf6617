// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/engine.hpp"

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::diagnosis {
namespace {

constexpr const char* kTable = R"({ "chapters": [ { "title": "t", "causes": [
  { "code": "first", "title": "t", "symptom": "s", "at": ["AT+X"], "confidence": "possible",
    "likely": ["network_seen"], "certain": ["signal < -75"],
    "verdict": "to ${endpoint}:${port}", "remedy": "r", "tell": "t", "sources": ["s"] },
  { "code": "second", "title": "t", "symptom": "s", "at": ["AT+*"], "must": ["answer = error"], "not": ["wifi_lost"],
    "confidence": "likely", "verdict": "v", "remedy": "r", "tell": "t", "sources": ["s"] }
] } ] })";

std::vector<std::string> codes(const Evidence& evidence) {
  std::vector<std::string> found;
  for (const Verdict& verdict : diagnose(evidence, test::require(parse_rules(kTable, "t"))))
    found.push_back(verdict.code);
  return found;
}

Evidence failure(const std::string& at = "AT+X") {
  Evidence evidence;
  evidence.symptom.at = at;
  evidence.symptom.answer = Answer::error;
  return evidence;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("the likelier cause comes first") {
  Evidence evidence = failure();
  CHECK(codes(evidence) == Codes{"second", "first"});
  evidence.answers.network.power = -80;
  CHECK(codes(evidence) == Codes{"first", "second"});
}

TEST_CASE("of two that are as likely the one that more speaks for comes first, then the table's order") {
  Evidence evidence = failure();
  evidence.answers.network_seen = true;
  CHECK(codes(evidence) == Codes{"first", "second"});
}

TEST_CASE("a cause is left out when it is about another command, lacks what it must have, or has what it must not") {
  CHECK(codes(failure("AT+Y")) == Codes{"second"});
  CHECK(codes(failure("ATE0")).empty());
  Evidence evidence = failure();
  evidence.dialogue.wifi_lost = true;
  CHECK(codes(evidence) == Codes{"first"});
  evidence.symptom.answer = Answer::ok;
  evidence.dialogue.wifi_lost = false;
  CHECK(codes(evidence) == Codes{"first"});
}

TEST_CASE("a verdict is told with the values of the run, and with their names where there are none") {
  const auto table = test::require(parse_rules(kTable, "t"));
  Evidence evidence = failure();
  CHECK(diagnose(evidence, table).back().cause == "to <endpoint>:<port>");
  script::Values values;
  values.emplace("endpoint", "iot.example");
  values.emplace("port", "8883");
  evidence.given.values = &values;
  CHECK(diagnose(evidence, table).back().cause == "to iot.example:8883");
}

TEST_CASE("a table that is none is refused with its line") {
  const auto refused = [](const std::string& text) {
    const auto table = parse_rules(text, "causes.json");
    REQUIRE_FALSE(table.ok());
    CHECK(table.error().what.find("causes.json") != std::string::npos);
  };
  refused("[]");
  refused(R"({ "chapters": [ { "title": "t", "causes": [ { "code": "x" } ] } ] })");
  refused(R"({ "chapters": [ { "title": "t", "causes": [ { "code": "x", "title": "t", "symptom": "s", "at": ["AT"],
    "confidence": "sure", "verdict": "v", "remedy": "r", "tell": "t", "sources": ["s"] } ] } ] })");
  refused(R"({ "chapters": [ { "title": "t", "causes": [ { "code": "x", "title": "t", "symptom": "s", "at": ["AT"],
    "must": ["no such fact"], "confidence": "certain", "verdict": "v", "remedy": "r", "tell": "t", "sources": ["s"] } ] } ] })");
}

}  // namespace atcert::diagnosis
