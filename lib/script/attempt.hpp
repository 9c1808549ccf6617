// SPDX-License-Identifier: Apache-2.0
// One attempt at one step: its command is sent, its reply judged, and what has to come is waited for. Or the observer
// does what the step asks of it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "at/session.hpp"
#include "script/observer.hpp"
#include "script/plan.hpp"

namespace atcert::script {

// Where a run stands: what was captured and sent so far, and what failed.
struct Standing {
  const Plan& plan;
  at::Session& session;
  Observer* observer;  // null: nobody is there
  Captures captures;
  std::set<std::string, std::less<>> sent;    // the steps
  std::set<std::string, std::less<>> failed;  // those of them that failed
  bool restarted = false;                     // the module said "ready": nothing of what was sent holds any more

  Scope scope() const { return {plan.values, captures}; }
  bool applies(const Step& step) const { return holds(step.when); }
  bool goes_on(const Step& step) const { return step.go_on && holds(*step.go_on); }
  bool holds(const Condition& condition) const;
  // `within` must outlive what is returned.
  Circumstances circumstances(const Scope& within) const;
};

struct Attempt {
  bool passed = false;
  bool last = false;                   // no further attempt helps
  bool answered = false;               // the module gave a result
  bool not_yet = false;                // it answered well, but what it said was not right yet
  bool told = false;                   // a row of the step's table of causes says why it failed
  std::optional<std::uint64_t> worth;  // how many attempts the cause is worth, where the script says so
  std::string happened;                // a few words: "the module answered +CWJAP:1, ERROR"
  Error error;
};

// `waits` is called every second that the attempt waits. The attempt ends at `limit`.
Attempt attempt(const Step& step, Standing& standing, SteadyTime limit, const std::function<void()>& waits);

}  // namespace atcert::script
