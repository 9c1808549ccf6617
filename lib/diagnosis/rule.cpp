// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/rule.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "diagnosis/table.hpp"

namespace atcert::diagnosis {
namespace {

constexpr std::string_view kFile = "causes.json";
constexpr std::array kConfidences{Confidence::possible, Confidence::likely, Confidence::certain};
constexpr std::array kKinds{ErrorKind::no_module, ErrorKind::module, ErrorKind::network, ErrorKind::cloud};

Result<script::Text> sentence(const JsonObject& object, std::string_view key) {
  ATCERT_CHECK(object.text(key));
  return script::parse_text(*object.find(key), object.source().file);
}

// The one of `values` whose name stands there; the first when nothing does.
template <typename Values>
Result<typename Values::value_type> choice(const JsonObject& object, std::string_view key, const Values& values) {
  ATCERT_TRY(const std::string, text, object.text_or(key, std::string(name_of(values.front()))));
  const auto found = std::find_if(values.begin(), values.end(), [&](auto value) { return name_of(value) == text; });
  if (found == values.end()) return object.error(*object.find(key), fmt::format("no such {}", key));
  return *found;
}

Result<void> read_evidence(const JsonObject& object, Rule& rule) {
  ATCERT_TRY(auto, must, read_conditions(object, "must"));
  ATCERT_TRY(auto, never, read_conditions(object, "not"));
  ATCERT_TRY(auto, likely, read_conditions(object, "likely"));
  ATCERT_TRY(auto, certain, read_conditions(object, "certain"));
  ATCERT_TRY(const Confidence, confidence, choice(object, "confidence", kConfidences));
  rule.must = std::move(must);
  rule.never = std::move(never);
  rule.likely = std::move(likely);
  rule.certain = std::move(certain);
  rule.confidence = confidence;
  return {};
}

Result<void> read_words(const JsonObject& object, Rule& rule) {
  ATCERT_TRY(std::string, code, object.text("code"));
  ATCERT_TRY(std::string, title, object.text("title"));
  ATCERT_TRY(std::string, symptom, object.text("symptom"));
  ATCERT_TRY(script::Text, verdict, sentence(object, "verdict"));
  ATCERT_TRY(script::Text, remedy, sentence(object, "remedy"));
  ATCERT_TRY(script::Text, tell, sentence(object, "tell"));
  ATCERT_TRY(auto, sources, read_texts(object, "sources"));
  rule.code = std::move(code);
  rule.title = std::move(title);
  rule.symptom = std::move(symptom);
  rule.verdict = std::move(verdict);
  rule.remedy = std::move(remedy);
  rule.tell = std::move(tell);
  rule.sources = std::move(sources);
  return {};
}

Result<Rule> read_rule(const JsonNode& node, const std::string& file, const std::string& chapter) {
  ATCERT_TRY(const JsonObject, object, JsonObject::of(node, table_source(file), "a cause"));
  Rule rule;
  rule.chapter = chapter;
  ATCERT_TRY(auto, at, read_texts(object, "at"));
  rule.at = std::move(at);
  ATCERT_CHECK(read_words(object, rule));
  ATCERT_CHECK(read_evidence(object, rule));
  if (object.find("kind") != nullptr) {
    ATCERT_TRY(const ErrorKind, kind, choice(object, "kind", kKinds));
    rule.kind = kind;
  }
  return rule;
}

}  // namespace

std::string_view name_of(Confidence confidence) {
  switch (confidence) {
    case Confidence::possible:
      return "possible";
    case Confidence::likely:
      return "likely";
    case Confidence::certain:
      return "certain";
  }
  return {};
}

Result<std::vector<Rule>> parse_rules(std::string_view text, const std::string& file) {
  ATCERT_TRY(const JsonNode, root, parse_json(text, table_source(file)));
  ATCERT_TRY(const JsonObject, table, JsonObject::of(root, table_source(file), "the table"));
  ATCERT_TRY(const auto, chapters, table.list("chapters"));
  std::vector<Rule> parsed;
  for (const JsonNode& node : chapters) {
    ATCERT_TRY(const JsonObject, chapter, JsonObject::of(node, table_source(file), "a chapter"));
    ATCERT_TRY(const std::string, title, chapter.text("title"));
    ATCERT_TRY(const auto, causes, chapter.list("causes"));
    for (const JsonNode& cause : causes) {
      ATCERT_TRY(Rule, rule, read_rule(cause, file, title));
      parsed.push_back(std::move(rule));
    }
  }
  return parsed;
}

std::span<const Rule> rules() {
  static const std::vector<Rule> kRules = embedded_table(kFile, parse_rules);
  return kRules;
}

const Rule* find_rule(std::string_view code) {
  const auto all = rules();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Rule& rule) { return rule.code == code; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace atcert::diagnosis
