// SPDX-License-Identifier: Apache-2.0
// What only the whole script shows: that every name is known where it is used, and may be used there.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "script/fields.hpp"
#include "script/script.hpp"

namespace atcert::script {
namespace {

constexpr std::uint64_t kMaxQuantity = 86400;  // a day, in seconds

enum class Sort { text, number, list, secret };

// Where a text stands, which decides what may stand in it.
enum class Place { command, data, message, fallback };

class Checker {
 public:
  explicit Checker(const Script& script) : script_(script) {}

  Result<void> run() {
    names_.emplace(kHostTime, Sort::number);
    ATCERT_CHECK(add_variables());
    for (const Variable& variable : script_.variables) {
      ATCERT_CHECK(check_earlier(variable, variable.fallback, "default"));
      ATCERT_CHECK(check_earlier(variable, variable.must_hold, "must_hold"));
    }
    for (const Step& step : script_.steps) ATCERT_CHECK(check_step(step));
    for (const Step& step : script_.cleanup) ATCERT_CHECK(check_step(step));
    return {};
  }

 private:
  Error error(std::size_t line, std::string reason) const { return bad_script(script_.file, line, std::move(reason)); }

  Result<void> add_variables() {
    for (const Variable& variable : script_.variables) {
      const Sort sort = variable.secret                           ? Sort::secret
                        : variable.kind == Variable::Kind::number ? Sort::number
                                                                  : Sort::text;
      if (!names_.emplace(variable.name, sort).second) {
        return error(variable.line, fmt::format("variable \"{}\" is declared twice", excerpt(variable.name)));
      }
    }
    return {};
  }

  Result<Sort> sort_of(const std::string& name, std::size_t line) const {
    const auto known = names_.find(name);
    if (known != names_.end()) return known->second;
    std::vector<std::string_view> all;
    for (const auto& [other, sort] : names_) all.push_back(other);
    const auto meant = nearest(name, all);
    return error(line, fmt::format("nothing declares or captures \"{}\" before this{}", excerpt(name),
                                   meant ? fmt::format("; did you mean \"{}\"?", *meant) : ""));
  }

  // A default, or what a value must hold, may refer to variables that stand before it, so that there are no circles.
  Result<void> check_earlier(const Variable& variable, const std::optional<Text>& text, std::string_view role) {
    if (!text) return {};
    for (const TextPart& part : text->parts) {
      if (part.kind == TextPart::Kind::literal) continue;
      const auto referred = std::find_if(script_.variables.begin(), script_.variables.end(),
                                         [&](const Variable& other) { return other.name == part.text; });
      if (part.kind != TextPart::Kind::value || referred == script_.variables.end() || &*referred >= &variable) {
        return error(text->line, fmt::format("the {} of \"{}\" can only refer to variables before it, as ${{name}}",
                                             role, variable.name));
      }
      if (referred->secret) {
        return error(text->line, fmt::format("the {} of \"{}\" would show a secret", role, excerpt(variable.name)));
      }
    }
    return {};
  }

  Result<void> check_part(const TextPart& part, Place place, std::size_t line) const {
    if (part.kind == TextPart::Kind::literal) return {};
    ATCERT_TRY(const Sort, sort, sort_of(part.text, line));
    if (part.kind == TextPart::Kind::length) return {};
    const bool quoted = part.kind == TextPart::Kind::quoted;
    if (place == Place::command) {
      if (quoted || sort == Sort::number || sort == Sort::list) return {};
      return error(
          line, fmt::format("\"{0}\" is a text: write ${{{0}|quoted}}, without quotes around it", excerpt(part.text)));
    }
    if (quoted) return error(line, fmt::format("\"{}\" is quoted, which only a command can be", excerpt(part.text)));
    if (sort == Sort::secret && place != Place::data) {
      return error(line, fmt::format("\"{}\" is secret and would be shown", excerpt(part.text)));
    }
    return {};
  }

  Result<void> check_text(const Text& text, Place place) const {
    for (const TextPart& part : text.parts) ATCERT_CHECK(check_part(part, place, text.line));
    return {};
  }

  Result<void> check_pattern(const Pattern& pattern) const {
    for (const PatternPart& part : pattern.parts) {
      if (part.kind != PatternPart::Kind::value) continue;
      ATCERT_CHECK(check_part({TextPart::Kind::value, part.text}, Place::message, pattern.line));
    }
    return {};
  }

  Result<void> check_quantity(const Quantity& quantity) const {
    if (quantity.variable.empty()) return {};
    ATCERT_CHECK(sort_of(quantity.variable, quantity.line));
    const auto variable = std::find_if(script_.variables.begin(), script_.variables.end(),
                                       [&](const Variable& other) { return other.name == quantity.variable; });
    if (variable == script_.variables.end() || variable->kind != Variable::Kind::number) {
      return error(quantity.line, fmt::format("\"{}\" is no number variable", excerpt(quantity.variable)));
    }
    if (variable->max > kMaxQuantity) {
      return error(quantity.line, fmt::format("\"{}\" is used as a time or count and needs a \"max\" of {} or less",
                                              quantity.variable, kMaxQuantity));
    }
    return {};
  }

  Result<void> check_condition(const Condition& condition) const {
    using Kind = Condition::Kind;
    if (condition.kind == Kind::set || condition.kind == Kind::longer || condition.kind == Kind::equals) {
      ATCERT_TRY(const Sort, sort, sort_of(condition.name, condition.line));
      if (sort == Sort::secret && condition.kind == Kind::equals) {
        return error(condition.line, fmt::format("\"{}\" is secret and cannot be compared", excerpt(condition.name)));
      }
    }
    const bool is_about_step = condition.kind == Kind::after || condition.kind == Kind::failed;
    if (is_about_step && std::find(steps_.begin(), steps_.end(), condition.name) == steps_.end()) {
      const auto meant = nearest(condition.name, steps_);
      return error(condition.line, fmt::format("no step \"{}\" before this{}", excerpt(condition.name),
                                               meant ? fmt::format("; did you mean \"{}\"?", *meant) : ""));
    }
    for (const Condition& child : condition.children) ATCERT_CHECK(check_condition(child));
    return {};
  }

  Result<void> add_captures(const Pattern& pattern) {
    for (const PatternPart& part : pattern.parts) {
      if (part.kind != PatternPart::Kind::hole || part.text.empty()) continue;
      const Sort sort = part.hole == Hole::number ? Sort::number : part.hole == Hole::list ? Sort::list : Sort::text;
      const auto [known, added] = names_.emplace(part.text, sort);
      const bool variable = std::any_of(script_.variables.begin(), script_.variables.end(),
                                        [&](const Variable& other) { return other.name == part.text; });
      if (!added && (variable || known->second != sort)) {
        return error(pattern.line, fmt::format("\"{}\" already means something else", excerpt(part.text)));
      }
    }
    return {};
  }

  Result<void> check_failure(const Failure& failure) const {
    ATCERT_CHECK(check_text(failure.cause, Place::message));
    ATCERT_CHECK(check_text(failure.remedy, Place::message));
    for (const Cause& cause : failure.causes) {
      ATCERT_CHECK(check_condition(cause.when));
      if (cause.line) ATCERT_CHECK(check_pattern(*cause.line));
      ATCERT_CHECK(check_text(cause.cause, Place::message));
      ATCERT_CHECK(check_text(cause.remedy, Place::message));
    }
    return {};
  }

  Result<void> check_step(const Step& step) {
    if (std::find(steps_.begin(), steps_.end(), step.name) != steps_.end()) {
      return error(step.line, fmt::format("two steps are called \"{}\"", excerpt(step.name)));
    }
    ATCERT_CHECK(check_condition(step.when));
    if (step.go_on) ATCERT_CHECK(check_condition(*step.go_on));
    ATCERT_CHECK(check_text(step.send, Place::command));
    if (step.observer) {
      ATCERT_CHECK(check_text(step.observer->topic, Place::message));
      ATCERT_CHECK(check_text(step.observer->message, Place::message));
    }
    if (step.data) ATCERT_CHECK(check_text(*step.data, Place::data));
    for (const Quantity* quantity : {&step.timeout, &step.attempts, &step.pause})
      ATCERT_CHECK(check_quantity(*quantity));
    if (step.pause_until) ATCERT_CHECK(check_pattern(*step.pause_until));
    for (const Pattern& pattern : step.fails_on) ATCERT_CHECK(check_pattern(pattern));
    for (const Expectation& expectation : step.expect) {
      ATCERT_CHECK(check_pattern(expectation.line));
      for (const Pattern& other : expectation.others) ATCERT_CHECK(check_pattern(other));
      if (expectation.payload) ATCERT_CHECK(check_text(*expectation.payload, Place::message));
      if (expectation.within) ATCERT_CHECK(check_quantity(*expectation.within));
    }
    for (const Expectation& expectation : step.expect) ATCERT_CHECK(add_captures(expectation.line));
    ATCERT_CHECK(check_failure(step.failure));
    ATCERT_CHECK(check_text(step.detail, Place::message));
    steps_.push_back(step.name);
    return {};
  }

  const Script& script_;
  std::map<std::string, Sort> names_;    // variables, and what the steps so far capture
  std::vector<std::string_view> steps_;  // the steps so far
};

}  // namespace

Result<void> check_references(const Script& script) {
  return Checker(script).run();
}

}  // namespace atcert::script
