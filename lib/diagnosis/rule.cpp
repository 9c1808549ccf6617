// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/rule.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/embedded.hpp"
#include "base/json_object.hpp"

namespace atcert::diagnosis {
namespace {

constexpr std::string_view kFile = "causes.json";
constexpr std::array kConfidences{Confidence::possible, Confidence::likely, Confidence::certain};
constexpr std::array kKinds{ErrorKind::no_module, ErrorKind::module, ErrorKind::network, ErrorKind::cloud};

JsonSource source_of(const std::string& file) {
  return {file, "bad_causes", "see causes/causes.schema.json", true};
}

Result<std::vector<std::string>> texts(const JsonObject& object, std::string_view key) {
  ATCERT_TRY(const auto, list, object.list(key));
  std::vector<std::string> items;
  for (const JsonNode& node : list) {
    if (node.kind != JsonNode::Kind::string) return object.error(node, fmt::format("\"{}\" holds strings", key));
    items.push_back(node.text);
  }
  return items;
}

Result<std::vector<Condition>> conditions(const JsonObject& object, std::string_view key) {
  ATCERT_TRY(const auto, list, object.list(key));
  std::vector<Condition> parsed;
  for (const JsonNode& node : list) {
    auto condition = parse_condition(node.text);
    if (!condition) return object.error(node, condition.error().what);
    parsed.push_back(*std::move(condition));
  }
  return parsed;
}

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

Result<void> read_conditions(const JsonObject& object, Rule& rule) {
  ATCERT_TRY(auto, must, conditions(object, "must"));
  ATCERT_TRY(auto, never, conditions(object, "not"));
  ATCERT_TRY(auto, likely, conditions(object, "likely"));
  ATCERT_TRY(auto, certain, conditions(object, "certain"));
  ATCERT_TRY(const Confidence, confidence, choice(object, "confidence", kConfidences));
  rule.must = std::move(must);
  rule.never = std::move(never);
  rule.likely = std::move(likely);
  rule.certain = std::move(certain);
  rule.confidence = confidence;
  return {};
}

Result<void> read_texts(const JsonObject& object, Rule& rule) {
  ATCERT_TRY(std::string, code, object.text("code"));
  ATCERT_TRY(std::string, title, object.text("title"));
  ATCERT_TRY(std::string, symptom, object.text("symptom"));
  ATCERT_TRY(script::Text, verdict, sentence(object, "verdict"));
  ATCERT_TRY(script::Text, remedy, sentence(object, "remedy"));
  ATCERT_TRY(script::Text, tell, sentence(object, "tell"));
  ATCERT_TRY(auto, sources, texts(object, "sources"));
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
  ATCERT_TRY(const JsonObject, object, JsonObject::of(node, source_of(file), "a cause"));
  Rule rule;
  rule.chapter = chapter;
  ATCERT_TRY(auto, at, texts(object, "at"));
  rule.at = std::move(at);
  ATCERT_CHECK(read_texts(object, rule));
  ATCERT_CHECK(read_conditions(object, rule));
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
  ATCERT_TRY(const JsonNode, root, parse_json(text, source_of(file)));
  ATCERT_TRY(const JsonObject, table, JsonObject::of(root, source_of(file), "the table"));
  ATCERT_TRY(const auto, chapters, table.list("chapters"));
  std::vector<Rule> parsed;
  for (const JsonNode& node : chapters) {
    ATCERT_TRY(const JsonObject, chapter, JsonObject::of(node, source_of(file), "a chapter"));
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
  static const std::vector<Rule> kRules = [] {
    for (const EmbeddedFile& file : embedded_causes()) {
      if (file.name != kFile) continue;
      auto parsed = parse_rules(file.content, std::string(kFile));
      if (parsed) return *std::move(parsed);
    }
    return std::vector<Rule>();
  }();
  return kRules;
}

const Rule* find_rule(std::string_view code) {
  const auto all = rules();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Rule& rule) { return rule.code == code; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace atcert::diagnosis
