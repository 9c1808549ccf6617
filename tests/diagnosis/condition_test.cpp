// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/condition.hpp"

#include <set>

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::diagnosis {
namespace {

Condition condition(std::string_view text) {
  return test::require(parse_condition(text));
}

}  // namespace

TEST_CASE("what is not known is neither yes nor no") {
  Evidence evidence;
  CHECK(evaluate(condition("network_seen"), evidence) == Truth::later);
  CHECK(evaluate(condition("not network_seen"), evidence) == Truth::later);
  CHECK(evaluate(condition("signal < -75"), evidence) == Truth::later);
  CHECK(evaluate(condition("similar_network known"), evidence) == Truth::later);
  evidence.answers.network_seen = false;
  CHECK(evaluate(condition("network_seen"), evidence) == Truth::no);
  CHECK(evaluate(condition("not network_seen"), evidence) == Truth::yes);
}

TEST_CASE("numbers, words, releases and lists are compared as such") {
  Evidence evidence;
  evidence.answers.network.power = -80;
  evidence.symptom.failure = "no_answer";
  evidence.module.release = image::Release{{2, 10, 0, 0}};
  evidence.symptom.codes = {0x010a6021, 0x010a6009};
  evidence.symptom.heard = {"WIFI CONNECTED"};
  CHECK(evaluate(condition("signal < -75"), evidence) == Truth::yes);
  CHECK(evaluate(condition("signal >= -75"), evidence) == Truth::no);
  CHECK(evaluate(condition("failure = no_answer"), evidence) == Truth::yes);
  CHECK(evaluate(condition("failure != no_answer"), evidence) == Truth::no);
  CHECK(evaluate(condition("release < 2.2"), evidence) == Truth::no);
  CHECK(evaluate(condition("release >= 2.9"), evidence) == Truth::yes);
  CHECK(evaluate(condition("code has 0x010a6009"), evidence) == Truth::yes);
  CHECK(evaluate(condition("code_class has 0x0a"), evidence) == Truth::yes);
  CHECK(evaluate(condition("heard has WIFI GOT IP"), evidence) == Truth::no);
}

TEST_CASE("of several one is enough, and an unknown one leaves it open") {
  Evidence evidence;
  CHECK(evaluate(condition("wifi_lost or wifi_state = 4"), evidence) == Truth::later);
  evidence.answers.wifi_state = 4;
  CHECK(evaluate(condition("wifi_lost or wifi_state = 4"), evidence) == Truth::yes);
  evidence.answers.wifi_state = 2;
  CHECK(evaluate(condition("wifi_lost or wifi_state = 4"), evidence) == Truth::no);
}

TEST_CASE("what holds is said with its value") {
  Evidence evidence;
  evidence.answers.clock_year = 1970;
  evidence.answers.network_seen = false;
  evidence.symptom.codes = {0x010a6021};
  CHECK(words(condition("clock_year < 2024"), evidence) == "the module's clock shows the year 1970");
  CHECK(words(condition("not network_seen"), evidence) == "AT+CWLAP does not list the network");
  CHECK(words(condition("code has 0x010a"), evidence) == "ERR CODE:0x010a6021");
  CHECK(words(condition("clock_year >= 2024"), evidence).empty());
}

TEST_CASE("a condition that is none is refused") {
  for (const char* text : {"", "nothing", "signal", "signal < weak", "network_seen = 1", "failure < 3", "release < x",
                           "code = 1", "not signal", "network_seen or", "nothing known"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_condition(text).ok());
  }
}

TEST_CASE("every fact has a name of its own and words") {
  std::set<std::string_view> names;
  for (const Fact& fact : facts()) {
    CAPTURE(fact.name);
    CHECK(names.insert(fact.name).second);
    CHECK_FALSE(fact.words.empty());
    CHECK((fact.kind == FactKind::flag) == !fact.denial.empty());
    CHECK((fact.words.find("{}") == std::string_view::npos) == (fact.kind == FactKind::flag));
  }
}

}  // namespace atcert::diagnosis
