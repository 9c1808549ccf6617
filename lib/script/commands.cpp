// SPDX-License-Identifier: Apache-2.0
#include "script/commands.hpp"

namespace atcert::script {
namespace {

using Commands = std::set<std::string, std::less<>>;

void collect(const Condition& condition, Commands& commands) {
  if (condition.kind == Condition::Kind::command) commands.insert(condition.name);
  for (const Condition& child : condition.children) collect(child, commands);
}

}  // namespace

Commands commands_in(const Script& script) {
  Commands commands;
  for (const auto* steps : {&script.steps, &script.cleanup}) {
    for (const Step& step : *steps) {
      collect(step.when, commands);
      for (const Cause& cause : step.failure.causes) collect(cause.when, commands);
    }
  }
  return commands;
}

}  // namespace atcert::script
