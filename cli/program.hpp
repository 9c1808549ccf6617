// SPDX-License-Identifier: Apache-2.0
// What every verb gets and how a verb is added: a function that adds a subcommand with its options, and sets what to
// run. A verb file parses flags, calls the library and hands the outcome to the ui; it holds no logic of its own.
#pragma once

#include <functional>
#include <stop_token>

#include "base/clock.hpp"
#include "base/undertakings.hpp"
#include "verb.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

struct Program {
  Ui ui;
  SystemClock clock;
  Undertakings undertakings;  // what an interrupt must not tear apart
  std::stop_token stop;       // Ctrl-C, SIGTERM, SIGHUP
  std::function<int()> run;   // set by the verb that was chosen; returns the exit code
};

void add_check(Verbs& verbs, Program& program);
void add_build(Verbs& verbs, Program& program);
void add_inspect(Verbs& verbs, Program& program);
void add_info(Verbs& verbs, Program& program);
void add_push(Verbs& verbs, Program& program);
void add_verify(Verbs& verbs, Program& program);
void add_provision(Verbs& verbs, Program& program);
void add_emulate(Verbs& verbs, Program& program);
void add_explain(Verbs& verbs, Program& program);
void add_demo(Verbs& verbs, Program& program);
void add_version(Verbs& verbs, Program& program);

}  // namespace atcert::cli
