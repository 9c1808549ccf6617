// SPDX-License-Identifier: Apache-2.0
// A condition of a rule on evidence, as text and as a value:
//   network_seen              not network_seen            a flag
//   join_error = 2            signal < -75                a number: = != < >=
//   failure = no_answer       ca_slot != good             a word:   = !=
//   release < 2.2             release >= 3.3              a release
//   code has 0x010a6021       heard has WIFI CONNECTED    a list has a member that begins so
//   similar_network known                                 it is known, whatever it is
// Several with " or " between them are one condition. What is not known is neither yes nor no.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "diagnosis/facts.hpp"
#include "script/condition.hpp"

namespace atcert::diagnosis {

using script::Truth;  // later: not known

struct Term {
  enum class Test { holds, fails, equal, unequal, below, at_least, has, known };

  const Fact* fact = nullptr;
  Test test = Test::holds;
  FactValue operand = false;  // of a list: the text that a member begins with
};

struct Condition {
  std::string text;
  std::vector<Term> terms;  // one of them
};

// Errors name what is wrong with `text`.
Result<Condition> parse_condition(std::string_view text);

Truth evaluate(const Condition& condition, const Evidence& evidence);

// The condition itself, for a person who reads the rule: "the module's clock shows the year < 2024".
std::string describe(const Condition& condition);

// What is known that the condition asks for, in the words of a report; empty when it does not hold.
std::string words(const Condition& condition, const Evidence& evidence);

}  // namespace atcert::diagnosis
