// SPDX-License-Identifier: Apache-2.0
// A job is a list of parts over one context. Each part tells its steps as events while it runs, and what happened comes
// back as a report::Run. One thread runs a job; another may only ask its stop token to stop.
//   check      check_credentials() or check_names(), check_script(): all that can be judged before the port is opened
//   open       open_module(), raise_rate() for a transfer, identify_module()
//   push       push_credentials() or compare_credentials(), then return_rate()
//   read       read_slots(), which changes nothing
//   prove      prove() or tell_script()
//   diagnose   diagnose(): why a part before it failed
//   leave      leave_module(): the module's own settings are put back, whatever happened
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/events.hpp"
#include "provision/context.hpp"
#include "report/run.hpp"

namespace atcert::provision {

struct Part {
  enum class When {
    well,    // no part before it has failed
    failed,  // one has: Context::record.error is there, and may be added to
    always,
  };

  When when = When::well;
  std::function<Result<void>(Context&)> run;
};

struct Job {
  std::string command;  // "provision"
  std::vector<Part> parts;
};

// Runs the parts in their order. The first error ends the parts that want all to be well, and is the job's.
report::Run run(const Job& job, const Bench& bench, Events& events);

}  // namespace atcert::provision
