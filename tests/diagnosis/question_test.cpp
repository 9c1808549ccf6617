// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/question.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "diagnosis/gather.hpp"
#include "support/require.hpp"

namespace atcert::diagnosis {
namespace {

std::vector<std::string> due_after(const Evidence& evidence) {
  std::vector<std::string> names;
  for (const Question& question : questions()) {
    if (is_due(question, evidence)) names.push_back(question.ask);
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("every question of the table can be asked") {
  CHECK(questions().size() > 10);
  for (const Question& question : questions()) {
    CAPTURE(question.ask);
    CHECK(can_ask(question.ask));
  }
  CHECK_FALSE(can_ask("the weather"));
}

TEST_CASE("a join that failed with a code asks for the networks alone, one with a wrong password for nothing") {
  Evidence evidence;
  evidence.symptom.at = "AT+CWJAP";
  evidence.symptom.answer = Answer::error;
  evidence.symptom.join_error = 3;
  CHECK(due_after(evidence) == Names{"networks"});
  evidence.symptom.join_error = 2;
  CHECK(due_after(evidence).empty());
}

TEST_CASE("a code of the module's own leaves the network alone") {
  Evidence evidence;
  evidence.symptom.at = "AT+MQTTCONN";
  evidence.symptom.answer = Answer::error;
  evidence.symptom.codes = {0x010a6051};
  CHECK(due_after(evidence) == Names{"wifi_state", "mqtt", "memory"});
}

TEST_CASE("a connection is tried only where the name resolves") {
  Evidence evidence;
  evidence.symptom.at = "AT+MQTTCONN";
  evidence.symptom.answer = Answer::error;
  const auto tries = [&] {
    const Names names = due_after(evidence);
    return std::find(names.begin(), names.end(), "tcp") != names.end();
  };
  CHECK_FALSE(tries());
  evidence.answers.resolved = "";
  CHECK_FALSE(tries());
  evidence.answers.resolved = "192.0.2.7";
  CHECK(tries());
}

TEST_CASE("a module that has restarted is asked for its memory alone") {
  Evidence evidence;
  evidence.symptom.at = "AT+MQTTCONN";
  evidence.symptom.failure = "restarted";
  CHECK(due_after(evidence) == Names{"memory"});
}

TEST_CASE("a table that is none is refused") {
  for (const char* text : {"[]", R"({"questions": [{"after": ["AT"]}]})",
                           R"({"questions": [{"ask": "x", "after": ["AT"], "must": ["nothing"]}]})",
                           R"({"questions": [{"ask": "x", "after": [1]}]})"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_questions(text, "questions.json").ok());
  }
}

}  // namespace atcert::diagnosis
