// SPDX-License-Identifier: Apache-2.0
#include "provision/prove.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "provision/diagnose.hpp"
#include "provision/open.hpp"
#include "script/commands.hpp"
#include "script/plan.hpp"
#include "script/runner.hpp"

namespace atcert::provision {
namespace {

// The host's client at the broker, as a script knows it.
class AtBroker final : public script::Observer {
 public:
  explicit AtBroker(cloud::Observer& observer) : observer_(observer) {}

  Result<bool> saw(const std::string& topic, const std::string& message, Milliseconds limit) override {
    return observer_.saw(topic, message, limit);
  }
  Result<void> send(const std::string& topic, const std::string& message, Milliseconds limit) override {
    return observer_.send(topic, message, limit);
  }

 private:
  cloud::Observer& observer_;
};

Result<script::ModuleFacts> facts_for_script(const script::Script& script, Context& context) {
  module::Module& module = *context.module;
  std::set<std::string, std::less<>> there;
  for (const std::string& command : script::commands_in(script)) {
    ATCERT_TRY(const bool, known, module.has_command(context.line->session, command));
    if (known) there.insert(command);
  }
  script::ModuleFacts facts;
  const auto& numbers = module.identity().release.numbers;
  std::copy(numbers.begin(), numbers.end(), facts.release.begin());
  facts.generation = name_of(module.generation());
  facts.has_command = [there = std::move(there)](std::string_view command) { return there.contains(command); };
  return facts;
}

Result<script::Plan> plan_for(Context& context, bool observed) {
  Checked& checked = context.checked;
  ATCERT_TRY(script::ModuleFacts, facts, facts_for_script(*checked.script, context));
  facts.observed = observed;
  return script::prepare(checked.script, {std::move(checked.values), {}}, std::move(facts));
}

Result<void> run_script(Context& context) {
  ATCERT_TRY(script::Plan, plan, plan_for(context, context.observer != nullptr));
  std::optional<AtBroker> observer;
  if (context.observer) observer.emplace(*context.observer);
  script::RunOptions options;
  options.observer = observer ? &*observer : nullptr;
  options.after_restart = [&context] { return identify_again(context); };
  options.on_failure = [&](const script::Failed& failed) { ask_why(context, plan, failed); };
  script::Outcome outcome = script::run(plan, context.line->session, context.steps, options);
  context.checked.values = std::move(plan.values);
  context.seen = std::move(outcome.captures);
  for (const Error& error : outcome.cleanup) {
    context.steps.note("clean-up: " + error.what);
    context.record.left.push_back(error.what);
  }
  return std::move(outcome.result);
}

void tell_planned(const script::PlannedStep& planned, Steps& steps) {
  const script::RunOptions stages;
  StepEnd end;
  end.name = {planned.cleanup ? stages.cleanup_stage : stages.stage, planned.step->name};
  end.outcome = StepEnd::Outcome::skipped;
  end.detail = (planned.step->observer ? "the observer would " : "would send ") + planned.command;
  steps.step_started(end.name);
  steps.step_ended(end);
}

}  // namespace

Part prove() {
  return {Part::When::well, run_script};
}

Part tell_script(bool observed) {
  const auto run = [observed](Context& context) -> Result<void> {
    ATCERT_TRY(const script::Plan, plan, plan_for(context, observed));
    for (const script::PlannedStep& step : plan.steps) tell_planned(step, context.steps);
    return {};
  };
  return {Part::When::well, run};
}

}  // namespace atcert::provision
