// SPDX-License-Identifier: Apache-2.0
#include "script/plan.hpp"

#include <utility>

#include <fmt/core.h>

#include "base/excerpt.hpp"

namespace atcert::script {
namespace {

Result<void> check_times(const Step& step, const Scope& scope) {
  if (value_of(step.timeout, scope) > 0 && value_of(step.attempts, scope) > 0) return {};
  return Error{ErrorKind::usage,
               "bad_variable",
               fmt::format("step \"{}\" would have no time, or no attempt", excerpt(step.name)),
               {},
               "give its timeout and its attempts values of 1 or more"};
}

// What a step does, for a person.
std::string described(const Step& step, const Scope& scope) {
  if (!step.observer) return preview(step.send, scope);
  const std::string_view does = step.observer->kind == ObserverAct::Kind::sends ? "send to" : "see at";
  return fmt::format("{} \"{}\": {}", does, preview(step.observer->topic, scope),
                     preview(step.observer->message, scope));
}

Result<void> plan_steps(Plan& plan, const std::vector<Step>& steps, bool cleanup) {
  const Captures nothing;
  const Scope scope{plan.values, nothing};
  for (const Step& step : steps) {
    const Truth applies = evaluate(step.when, {plan.module, scope, false, {}, {}});
    if (applies == Truth::no || (step.observer && !plan.module.observed)) continue;
    ATCERT_CHECK(check_times(step, scope));
    if (!missing_name(step.send, scope)) ATCERT_CHECK(command_for(step, scope));
    plan.steps.push_back({&step, cleanup, applies, described(step, scope)});
  }
  return {};
}

}  // namespace

std::optional<std::string_view> missing_name(const Step& step, const Scope& scope) {
  if (const auto name = missing_name(step.send, scope)) return name;
  if (const auto name = step.data ? missing_name(*step.data, scope) : std::nullopt) return name;
  if (step.observer) {
    if (const auto name = missing_name(step.observer->topic, scope)) return name;
    if (const auto name = missing_name(step.observer->message, scope)) return name;
  }
  for (const Expectation& expectation : step.expect) {
    if (const auto name = missing_name(expectation.line, scope)) return name;
    for (const Pattern& other : expectation.others) {
      if (const auto name = missing_name(other, scope)) return name;
    }
    if (const auto name = expectation.payload ? missing_name(*expectation.payload, scope) : std::nullopt) return name;
  }
  return std::nullopt;
}

Result<at::CommandLine> command_for(const Step& step, const Scope& scope) {
  at::CommandLine line = render_command(step.send, scope);
  if (line.size() <= at::kMaxCommandSize) return line;
  return Error{ErrorKind::input, "command_too_long",
               fmt::format("step \"{}\": {} takes {} bytes with its line end", excerpt(step.name),
                           excerpt(line.shown()), line.size()),
               fmt::format("ESP-AT takes commands of up to {} bytes", at::kMaxCommandSize),
               "shorten the values that stand in it"};
}

Result<Plan> prepare(std::shared_ptr<const Script> script, Given given, ModuleFacts module) {
  ATCERT_TRY(Values, values, resolve(*script, std::move(given)));
  Plan plan{std::move(script), std::move(values), std::move(module), {}};
  ATCERT_CHECK(plan_steps(plan, plan.script->steps, false));
  ATCERT_CHECK(plan_steps(plan, plan.script->cleanup, true));
  return plan;
}

std::uint64_t value_of(const Quantity& quantity, const Scope& scope) {
  const std::string* text = quantity.variable.empty() ? nullptr : scope.text(quantity.variable);
  return quantity.plus + (text == nullptr ? 0 : std::stoull(*text));
}

}  // namespace atcert::script
