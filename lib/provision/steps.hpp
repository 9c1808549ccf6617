// SPDX-License-Identifier: Apache-2.0
// Runs the steps of a job one by one: tells the events, measures the time, and records each end in the run. Steps that
// a lower layer runs by itself (the connection script) come through the same recorder.
#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/events.hpp"
#include "report/run.hpp"

namespace atcert::provision {

class Steps final : public Events {
 public:
  Steps(report::Run& run, Events& events, const Clock& clock) : run_(run), events_(events), clock_(clock) {}

  // Does one step. The action returns a few words for the report, or the error that ends the step.
  Result<void> step(const StepName& name, const std::function<Result<std::string>()>& action);

  void step_started(const StepName& name) override { events_.step_started(name); }
  void progress(std::uint64_t done, std::uint64_t total) override { events_.progress(done, total); }
  void waiting(const StepName& name, Milliseconds elapsed, Milliseconds limit) override {
    events_.waiting(name, elapsed, limit);
  }
  void step_ended(const StepEnd& end) override;
  void note(const std::string& text) override;
  void warning(const std::string& text) override { events_.warning(text); }

 private:
  report::Run& run_;
  Events& events_;
  const Clock& clock_;
};

}  // namespace atcert::provision
