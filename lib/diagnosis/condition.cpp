// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/condition.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/core.h>

namespace atcert::diagnosis {
namespace {

constexpr std::string_view kOr = " or ";
constexpr std::string_view kNot = "not ";
constexpr std::string_view kKnown = " known";

struct Operator {
  std::string_view text;
  Term::Test test;
};

// Longer ones first: != and >= have others in them.
constexpr std::array<Operator, 5> kOperators{{
    {" != ", Term::Test::unequal},
    {" >= ", Term::Test::at_least},
    {" has ", Term::Test::has},
    {" = ", Term::Test::equal},
    {" < ", Term::Test::below},
}};

Error bad(std::string what) {
  return {ErrorKind::internal, "bad_condition", std::move(what), {}, {}};
}

Result<const Fact*> fact_of(std::string_view name) {
  const Fact* fact = find_fact(name);
  if (fact == nullptr) return bad(fmt::format("no fact \"{}\"", name));
  return fact;
}

bool fits(FactKind kind, Term::Test test) {
  const bool equality = test == Term::Test::equal || test == Term::Test::unequal;
  const bool order = test == Term::Test::below || test == Term::Test::at_least;
  switch (kind) {
    case FactKind::flag:
      return false;
    case FactKind::number:
    case FactKind::release:
      return equality || order;
    case FactKind::text:
      return equality;
    case FactKind::list:
      return test == Term::Test::has;
  }
  return false;
}

Result<FactValue> parse_operand(FactKind kind, std::string_view text) {
  if (kind == FactKind::number) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return bad(fmt::format("\"{}\" is no number", text));
    return FactValue(value);
  }
  if (kind == FactKind::release) {
    ATCERT_TRY(const script::Release, parts, script::parse_release(text));
    image::Release release;
    std::copy(parts.begin(), parts.end(), release.numbers.begin());
    return FactValue(release);
  }
  if (text.empty()) return bad("nothing to compare with");
  return FactValue(std::string(text));
}

Result<Term> parse_bare(std::string_view text) {
  Term term;
  if (text.ends_with(kKnown)) {
    ATCERT_TRY(const Fact* const, known, fact_of(text.substr(0, text.size() - kKnown.size())));
    return Term{known, Term::Test::known, false};
  }
  if (text.starts_with(kNot)) {
    term.test = Term::Test::fails;
    text.remove_prefix(kNot.size());
  }
  ATCERT_TRY(const Fact* const, fact, fact_of(text));
  if (fact->kind != FactKind::flag) return bad(fmt::format("\"{}\" is no flag", text));
  term.fact = fact;
  return term;
}

Result<Term> parse_term(std::string_view text) {
  for (const Operator& candidate : kOperators) {
    const std::size_t at = text.find(candidate.text);
    if (at == std::string_view::npos) continue;
    ATCERT_TRY(const Fact* const, fact, fact_of(text.substr(0, at)));
    if (!fits(fact->kind, candidate.test)) return bad(fmt::format("\"{}\" does not fit the fact", text));
    ATCERT_TRY(FactValue, operand, parse_operand(fact->kind, text.substr(at + candidate.text.size())));
    return Term{fact, candidate.test, std::move(operand)};
  }
  return parse_bare(text);
}

const std::string* member(const Term& term, const FactValue& value) {
  const auto& list = std::get<std::vector<std::string>>(value);
  const auto& begin = std::get<std::string>(term.operand);
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const std::string& item) { return item.starts_with(begin); });
  return found == list.end() ? nullptr : &*found;
}

bool holds(const Term& term, const FactValue& value) {
  switch (term.test) {
    case Term::Test::holds:
      return std::get<bool>(value);
    case Term::Test::fails:
      return !std::get<bool>(value);
    case Term::Test::equal:
      return value == term.operand;
    case Term::Test::unequal:
      return value != term.operand;
    case Term::Test::below:
      return value < term.operand;
    case Term::Test::at_least:
      return value >= term.operand;
    case Term::Test::has:
      return member(term, value) != nullptr;
    case Term::Test::known:
      return true;
  }
  return false;
}

Truth evaluate(const Term& term, const Evidence& evidence) {
  const auto value = term.fact->value(evidence);
  if (!value) return Truth::later;
  return holds(term, *value) ? Truth::yes : Truth::no;
}

std::string text_of(const FactValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* release = std::get_if<image::Release>(&value)) return to_string(*release);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

std::string filled(const Term& term, const std::string& value) {
  std::string text(term.test == Term::Test::fails ? term.fact->denial : term.fact->words);
  if (const std::size_t hole = text.find("{}"); hole != std::string::npos) text.replace(hole, 2, value);
  return text;
}

std::string words(const Term& term, const FactValue& value) {
  const bool list = term.fact->kind == FactKind::list && term.test == Term::Test::has;
  return filled(term, list ? *member(term, value) : text_of(value));
}

std::string describe(const Term& term) {
  const std::string operand = text_of(term.operand);
  switch (term.test) {
    case Term::Test::holds:
    case Term::Test::fails:
      return filled(term, {});
    case Term::Test::equal:
      return filled(term, operand);
    case Term::Test::unequal:
      return filled(term, "not " + operand);
    case Term::Test::below:
      return filled(term, "< " + operand);
    case Term::Test::at_least:
      return filled(term, ">= " + operand);
    case Term::Test::has:
      return filled(term, operand + (term.fact->name == "heard" ? "..." : ""));
    case Term::Test::known:
      return filled(term, "...");
  }
  return {};
}

}  // namespace

Result<Condition> parse_condition(std::string_view text) {
  Condition condition{std::string(text), {}};
  for (;;) {
    const std::size_t end = text.find(kOr);
    ATCERT_TRY(Term, term, parse_term(text.substr(0, end)));
    condition.terms.push_back(std::move(term));
    if (end == std::string_view::npos) return condition;
    text.remove_prefix(end + kOr.size());
  }
}

Truth evaluate(const Condition& condition, const Evidence& evidence) {
  Truth result = Truth::no;
  for (const Term& term : condition.terms) {
    const Truth truth = evaluate(term, evidence);
    if (truth == Truth::yes) return Truth::yes;
    if (truth == Truth::later) result = Truth::later;
  }
  return result;
}

std::string describe(const Condition& condition) {
  std::string text;
  for (const Term& term : condition.terms) text += (text.empty() ? "" : ", or ") + describe(term);
  return text;
}

std::string words(const Condition& condition, const Evidence& evidence) {
  for (const Term& term : condition.terms) {
    if (evaluate(term, evidence) == Truth::yes) return words(term, *term.fact->value(evidence));
  }
  return {};
}

}  // namespace atcert::diagnosis
