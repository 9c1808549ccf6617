// SPDX-License-Identifier: Apache-2.0
// A script made ready for one module: every variable has its value, every condition that can be known beforehand is
// known, and every command that can be written down fits the module's limit, before the first is sent.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "script/condition.hpp"
#include "script/script.hpp"
#include "script/variables.hpp"

namespace atcert::script {

struct PlannedStep {
  const Step* step = nullptr;
  bool cleanup = false;
  Truth applies = Truth::yes;
  std::string command;  // or what the observer does; without secrets, what is captured on the way stands as <name>
};

struct Plan {
  std::shared_ptr<const Script> script;
  Values values;
  ModuleFacts module;
  std::vector<PlannedStep> steps;  // without those that do not apply
};

Result<Plan> prepare(std::shared_ptr<const Script> script, Given given, ModuleFacts module);

// The first name that `step` needs and that has no value in `scope`.
std::optional<std::string_view> missing_name(const Step& step, const Scope& scope);

// The command that `step` sends, or the error that it is too long for the module.
Result<at::CommandLine> command_for(const Step& step, const Scope& scope);

}  // namespace atcert::script
