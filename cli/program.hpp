// SPDX-License-Identifier: Apache-2.0
// What every verb gets and how a verb is added: a function that adds a subcommand with its options, and sets what to
// run. A verb file parses flags, calls the library and hands the outcome to the ui; it holds no logic of its own.
#pragma once

#include <functional>
#include <stop_token>

#include "base/clock.hpp"
#include "ui.hpp"

namespace CLI {
class App;
}

namespace atcert::cli {

struct Program {
  Ui ui;
  SystemClock clock;
  std::stop_token stop;      // Ctrl-C, SIGTERM
  std::function<int()> run;  // set by the verb that was chosen; returns the exit code
};

void add_check(CLI::App& app, Program& program);
void add_build(CLI::App& app, Program& program);
void add_inspect(CLI::App& app, Program& program);
void add_push(CLI::App& app, Program& program);
void add_verify(CLI::App& app, Program& program);
void add_provision(CLI::App& app, Program& program);
void add_emulate(CLI::App& app, Program& program);
void add_demo(CLI::App& app, Program& program);

}  // namespace atcert::cli
