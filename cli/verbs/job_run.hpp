// SPDX-License-Identifier: Apache-2.0
// What every verb that runs a job does around it: its outputs are tried beforehand, its progress is on stderr while it
// runs, and its end is in all outputs and in the exit code.
#pragma once

#include <functional>
#include <string>

#include "options/common.hpp"
#include "program.hpp"
#include "provision/job.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct RunOptions {
  std::string command;
  UiSettings output;
  PortOptions port;
  std::string junit;
  std::string log;
  unsigned timeout = 0;  // seconds for all of it; 0: no limit but those of its parts
};

// --junit, --log, --timeout and what is for every verb; the port's options are the verb's to add.
void add_run_options(Verb& verb, RunOptions& options);

struct RunPlan {
  std::function<Result<provision::Job>()> job;   // reads what the job is made of
  std::function<void(const report::Run&)> tell;  // the result for a person, also after a failure
  std::string cut_off_remedy;                    // what to do when the process is ended before the job's clean-up
};

int run_plan(const RunOptions& options, const RunPlan& plan, Program& program);

}  // namespace atcert::cli
