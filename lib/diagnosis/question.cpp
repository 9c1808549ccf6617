// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/question.hpp"

#include <algorithm>

#include "diagnosis/table.hpp"

namespace atcert::diagnosis {
namespace {

constexpr std::string_view kFile = "questions.json";

Result<Question> read_question(const JsonNode& node, const std::string& file) {
  ATCERT_TRY(const JsonObject, object, JsonObject::of(node, table_source(file), "a question"));
  ATCERT_TRY(std::string, ask, object.text("ask"));
  ATCERT_TRY(auto, after, read_texts(object, "after"));
  ATCERT_TRY(auto, must, read_conditions(object, "must"));
  ATCERT_TRY(auto, never, read_conditions(object, "not"));
  return Question{std::move(ask), std::move(after), std::move(must), std::move(never)};
}

}  // namespace

Result<std::vector<Question>> parse_questions(std::string_view text, const std::string& file) {
  ATCERT_TRY(const JsonNode, root, parse_json(text, table_source(file)));
  ATCERT_TRY(const JsonObject, table, JsonObject::of(root, table_source(file), "the table"));
  ATCERT_TRY(const auto, list, table.list("questions"));
  std::vector<Question> parsed;
  for (const JsonNode& node : list) {
    ATCERT_TRY(Question, question, read_question(node, file));
    parsed.push_back(std::move(question));
  }
  return parsed;
}

std::span<const Question> questions() {
  static const std::vector<Question> kQuestions = embedded_table(kFile, parse_questions);
  return kQuestions;
}

bool is_due(const Question& question, const Evidence& evidence) {
  const auto is = [&](Truth truth) {
    return [&evidence, truth](const Condition& condition) { return evaluate(condition, evidence) == truth; };
  };
  return is_about(question.after, evidence.symptom.at) &&
         std::all_of(question.must.begin(), question.must.end(), is(Truth::yes)) &&
         std::none_of(question.never.begin(), question.never.end(), is(Truth::yes));
}

}  // namespace atcert::diagnosis
