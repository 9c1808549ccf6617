// SPDX-License-Identifier: Apache-2.0
// Runs a planned script over an AT session: its steps until one fails, then its clean-up, whatever happened, as far as
// there is something to clean up. After a restart of the module nothing of before holds, and it begins again, as often
// as the script allows.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "at/session.hpp"
#include "base/events.hpp"
#include "script/observer.hpp"
#include "script/plan.hpp"

namespace atcert::script {

// A step that ended the script.
struct Failed {
  const Step& step;
  const Error& error;
  bool told = false;  // a row of the step's own table of causes fits: the error is that row's
};

struct RunOptions {
  Observer* observer = nullptr;  // null: nobody is there (ModuleFacts::observed)
  std::string stage = "verify";
  std::string cleanup_stage = "clean-up";
  Milliseconds cleanup_budget{30000};  // for all of the clean-up together
  // Makes a module that has restarted ready again, or finds that it is another one. Without it a restart ends the run.
  std::function<Result<void>()> after_restart = {};
  // Called before the clean-up, while the module is as the failure left it. Not after a stop request.
  std::function<void(const Failed&)> on_failure = {};
};

struct Outcome {
  Result<void> result;         // of the steps; when they passed, also of the clean-up
  std::vector<Error> cleanup;  // what could not be put back; empty: the module is as it was
  Captures captures;
};

// The clean-up runs on after a stop request, and cannot be stopped itself; its budget ends it.
Outcome run(const Plan& plan, at::Session& session, Events& events, const RunOptions& options = {});

}  // namespace atcert::script
