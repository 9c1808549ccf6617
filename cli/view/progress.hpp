// SPDX-License-Identifier: Apache-2.0
// A job's events for a person: on a terminal a line a step and one live line; in a pipe a plain line a stage. With -v a
// pipe gets a line a step too. A long wait shows that it lives: on a terminal by its seconds, in a pipe by a line every
// ten.
#pragma once

#include <cstddef>
#include <string>

#include "base/clock.hpp"
#include "base/events.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

class Progress final : public Events {
 public:
  Progress(Ui& ui, const Clock& clock) : ui_(ui), clock_(clock) {}

  void step_started(const StepName& name) override;
  void progress(std::uint64_t done, std::uint64_t total) override;
  void waiting(const StepName& name, Milliseconds elapsed, Milliseconds limit) override;
  void step_ended(const StepEnd& end) override;
  void note(const std::string& text) override;
  void warning(const std::string& text) override { ui_.warn(text); }

  // Call when the job has ended: says the last stage.
  void finish();

 private:
  bool line_a_step() const { return ui_.live() || ui_.verbosity() > 0; }
  void say_step(const StepEnd& end);
  void say_stage();

  Ui& ui_;
  const Clock& clock_;
  StepName running_;
  SteadyTime shown_at_{};
  Milliseconds told_{0};  // of the running step's wait, in a pipe
  std::string stage_;
  std::string last_detail_;
  Milliseconds stage_duration_{0};
  std::size_t stage_steps_ = 0;
  bool stage_failed_ = false;
};

}  // namespace atcert::cli
