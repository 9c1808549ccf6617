// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/engine.hpp"

#include <algorithm>
#include <utility>

#include "diagnosis/table.hpp"

namespace atcert::diagnosis {
namespace {

bool holds(const std::vector<Condition>& conditions, const Evidence& evidence, Truth truth) {
  return std::any_of(conditions.begin(), conditions.end(),
                     [&](const Condition& condition) { return evaluate(condition, evidence) == truth; });
}

bool applies(const Rule& rule, const Evidence& evidence) {
  return is_about(rule.at, evidence.symptom.at) && !holds(rule.must, evidence, Truth::no) &&
         !holds(rule.must, evidence, Truth::later) && !holds(rule.never, evidence, Truth::yes);
}

Confidence confidence_of(const Rule& rule, const Evidence& evidence) {
  if (holds(rule.certain, evidence, Truth::yes)) return Confidence::certain;
  if (holds(rule.likely, evidence, Truth::yes)) return std::max(Confidence::likely, rule.confidence);
  return rule.confidence;
}

// The failure itself is told already.
bool is_about_failure(const Condition& condition) {
  return std::all_of(condition.terms.begin(), condition.terms.end(),
                     [](const Term& term) { return term.fact->name == "failure"; });
}

void add_words(const std::vector<Condition>& conditions, const Evidence& evidence, std::vector<std::string>& said) {
  for (const Condition& condition : conditions) {
    if (is_about_failure(condition)) continue;
    std::string text = words(condition, evidence);
    if (!text.empty() && std::find(said.begin(), said.end(), text) == said.end()) said.push_back(std::move(text));
  }
}

Verdict verdict_of(const Rule& rule, const Evidence& evidence) {
  static const script::Values kNone;
  const script::Captures captures;
  const script::Scope scope{evidence.given.values == nullptr ? kNone : *evidence.given.values, captures};
  Verdict verdict{rule.code,
                  rule.title,
                  confidence_of(rule, evidence),
                  rule.kind,
                  script::preview(rule.verdict, scope),
                  script::preview(rule.remedy, scope),
                  script::preview(rule.tell, scope),
                  {}};
  add_words(rule.must, evidence, verdict.evidence);
  add_words(rule.certain, evidence, verdict.evidence);
  add_words(rule.likely, evidence, verdict.evidence);
  return verdict;
}

}  // namespace

std::vector<Verdict> diagnose(const Evidence& evidence, std::span<const Rule> table) {
  std::vector<Verdict> verdicts;
  for (const Rule& rule : table) {
    if (applies(rule, evidence)) verdicts.push_back(verdict_of(rule, evidence));
  }
  std::stable_sort(verdicts.begin(), verdicts.end(), [](const Verdict& a, const Verdict& b) {
    return std::pair(a.confidence, a.evidence.size()) > std::pair(b.confidence, b.evidence.size());
  });
  return verdicts;
}

}  // namespace atcert::diagnosis
