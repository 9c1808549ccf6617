// SPDX-License-Identifier: Apache-2.0
// What to ask a module after which failure, as data (causes/questions.json), cheapest first. What asking means for each
// is in gather.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "diagnosis/condition.hpp"

namespace atcert::diagnosis {

struct Question {
  std::string ask;                 // "wifi_state"
  std::vector<std::string> after;  // commands that failed, as in Rule::at
  std::vector<Condition> must;     // all of them are known to hold
  std::vector<Condition> never;    // when one of them holds, it is not asked
};

// The questions that are part of the tool, in their order.
std::span<const Question> questions();

Result<std::vector<Question>> parse_questions(std::string_view text, const std::string& file);

bool is_due(const Question& question, const Evidence& evidence);

}  // namespace atcert::diagnosis
