// SPDX-License-Identifier: Apache-2.0
#include "view/progress.hpp"

#include <fmt/core.h>

#include "base/plural.hpp"

namespace atcert::cli {
namespace {

constexpr Milliseconds kRedrawPause{50};
constexpr Milliseconds kWorthTelling{100};
constexpr Milliseconds kTellingPause{10'000};

// A step of a dry run: skipped, and not because its failure is tolerated.
bool is_planned(const StepEnd& end) {
  return end.outcome == StepEnd::Outcome::skipped && end.error.what.empty();
}

Line mark_of(const StepEnd& end) {
  if (end.outcome == StepEnd::Outcome::failed) return Line().add(Style::bad, "failed ");
  if (end.outcome == StepEnd::Outcome::skipped) return Line().add(Style::dim, "skipped");
  return Line().add(Style::good, "ok     ");
}

}  // namespace

void Progress::step_started(const StepName& name) {
  if (name.stage != stage_) {
    say_stage();
    stage_ = name.stage;
  }
  running_ = name;
  shown_at_ = {};
  told_ = Milliseconds(0);
  ui_.show_live(fmt::format("  {:<8}  {} ...", name.stage, name.step));
}

void Progress::progress(std::uint64_t done, std::uint64_t total) {
  const SteadyTime now = clock_.now();
  if (total == 0 || (now - shown_at_ < kRedrawPause && done < total)) return;
  shown_at_ = now;
  ui_.show_live(fmt::format("  {:<8}  {} {} {} of {} bytes", running_.stage, running_.step, progress_bar(done, total),
                            done, total));
}

void Progress::waiting(const StepName& name, Milliseconds elapsed, Milliseconds limit) {
  const auto of = fmt::format("{} of {} s", std::chrono::floor<std::chrono::seconds>(elapsed).count(),
                              std::chrono::ceil<std::chrono::seconds>(limit).count());
  if (ui_.live()) return ui_.show_live(fmt::format("  {:<8}  {} ... {}", name.stage, name.step, of));
  if (elapsed < told_ + kTellingPause) return;
  told_ += kTellingPause;
  ui_.say(Line().add(Style::dim, fmt::format("       {:<8}  {}: waiting, {}", name.stage, name.step, of)));
}

void Progress::step_ended(const StepEnd& end) {
  if (is_planned(end)) {
    ui_.clear_live();
    return say_step(end);
  }
  ++stage_steps_;
  stage_duration_ += end.duration;
  stage_failed_ = stage_failed_ || end.outcome == StepEnd::Outcome::failed;
  if (!end.detail.empty()) last_detail_ = end.detail;
  ui_.clear_live();
  if (line_a_step()) say_step(end);
}

void Progress::note(const std::string& text) {
  ui_.say(Line().add(Style::dim, "note: ").add(text));
}

void Progress::finish() {
  say_stage();
}

void Progress::say_step(const StepEnd& end) {
  const bool tolerated = end.outcome == StepEnd::Outcome::skipped && !is_planned(end);
  if (tolerated && ui_.verbosity() == 0) return;
  Line line = mark_of(end);
  line.add(fmt::format(" {:<8}  {}", end.name.stage, end.name.step));
  if (!end.detail.empty()) line.add(": " + end.detail);
  if (end.duration >= kWorthTelling) {
    line.add(Style::dim, fmt::format("  {}", duration_text(end.duration.count())));
  }
  ui_.say(line);
}

// The line of the stage that is over, and a clean slate for the next.
void Progress::say_stage() {
  if (!stage_.empty() && stage_steps_ > 0 && !line_a_step()) {
    const std::string detail = stage_steps_ == 1 && !last_detail_.empty() ? ": " + last_detail_ : "";
    const bool instant = stage_duration_ < kWorthTelling;
    ui_.say(fmt::format("{} {}{}, {}{}", stage_failed_ ? "failed" : "ok    ", stage_, detail,
                        counted(stage_steps_, "step"), instant ? "" : ", " + duration_text(stage_duration_.count())));
  }
  stage_.clear();
  last_detail_.clear();
  stage_duration_ = Milliseconds(0);
  stage_steps_ = 0;
  stage_failed_ = false;
}

}  // namespace atcert::cli
