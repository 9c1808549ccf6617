// SPDX-License-Identifier: Apache-2.0
#include "script/runner.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "at/line_kind.hpp"
#include "script/attempt.hpp"

namespace atcert::script {
namespace {

// Of the time of a hurried clean-up: what is left for those who put back what the script has not changed.
constexpr Milliseconds kForOthers{1'000};

bool is_ready(const at::Event& event) {
  const auto* line = std::get_if<at::Line>(&event);
  return line != nullptr && at::kind_of(line->text.raw()) == at::LineKind::ready;
}

Error not_put_back(const Step& step, const Error& why) {
  return {why.kind, "not_put_back", fmt::format("{}: not sent", step.name), why.what, "reset the module"};
}

// The last attempt at a step: what it came to, and whether the module said anything.
struct Done {
  Result<void> result;
  bool answered = false;
  bool told = false;
};

class Runner {
 public:
  Runner(const Plan& plan, at::Session& session, Events& events, const RunOptions& options)
      : session_(session), events_(events), options_(options), standing_{plan, session, options.observer, {}, {}, {}} {}

  Outcome run() {
    for (const auto& [name, value] : standing_.plan.values) {
      if (const Secret* secret = std::get_if<Secret>(&value)) session_.hide(*secret);
    }
    const std::shared_ptr<void> listening = session_.listen(
        [this](const at::Event& event) { standing_.restarted = standing_.restarted || is_ready(event); });
    Result<void> result = run_steps();
    while (!result && may_begin_again(result.error())) result = begin_again(std::move(result).error());
    if (!result && result.error().kind != ErrorKind::interrupted && failed_ != nullptr && options_.on_failure) {
      options_.on_failure({*failed_, result.error(), told_});
    }
    std::vector<Error> failures = clean_up();
    if (result.ok() && !failures.empty()) result = failures.front();
    return {std::move(result), std::move(failures), std::move(standing_.captures)};
  }

 private:
  // A restart leaves nothing of what was sent, and makes nothing of what was captured any truer.
  void forget() {
    standing_.sent.clear();
    standing_.failed.clear();
    standing_.captures.clear();
    standing_.restarted = false;
  }

  bool may_begin_again(const Error& error) const {
    return standing_.restarted && error.kind == ErrorKind::module && options_.after_restart &&
           restarts_ < standing_.plan.script->restarts;
  }

  Result<void> begin_again(Error error) {
    ++restarts_;
    events_.note(fmt::format("{}; the script begins again (restart {} of {})", error.what, restarts_,
                             standing_.plan.script->restarts));
    forget();
    failed_ = nullptr;
    ATCERT_CHECK(options_.after_restart());
    standing_.restarted = false;  // said again while it was made ready
    return run_steps();
  }

  Result<void> run_steps() {
    for (const PlannedStep& planned : standing_.plan.steps) {
      if (planned.cleanup || !standing_.applies(*planned.step)) continue;
      Done done = run_step(*planned.step, options_.stage, SteadyTime::max());
      if (done.result.ok()) continue;
      const ErrorKind kind = done.result.error().kind;
      const bool fatal = kind == ErrorKind::interrupted || kind == ErrorKind::no_module || standing_.restarted;
      if (!fatal && standing_.goes_on(*planned.step)) continue;
      failed_ = planned.step;
      told_ = done.told;
      return std::move(done.result);
    }
    return {};
  }

  std::vector<Error> clean_up() {
    if (standing_.restarted) forget();
    const bool hurried = !session_.check_stop();
    if (hurried) tell_wait(session_.hurry());
    const at::Session::Uninterrupted whole(session_);
    SteadyTime limit = session_.clock().now() + options_.cleanup_budget;
    if (hurried) limit = std::min(limit, session_.latest() - kForOthers);
    std::vector<Error> failures;
    std::optional<Error> gone;  // nobody is there to put anything back
    for (const Step* step : due(hurried)) {
      if (gone) {
        failures.push_back(not_put_back(*step, *gone));
        continue;
      }
      const Done done = run_step(*step, options_.cleanup_stage, limit);
      if (standing_.restarted) return {};  // it is as after any start
      if (done.result.ok()) continue;
      if (!standing_.goes_on(*step) || !done.answered) failures.push_back(done.result.error());
      if (done.result.error().kind == ErrorKind::no_module) gone = done.result.error();
    }
    return failures;
  }

  // In a hurry what may take long comes last, so that it takes nobody's time.
  std::vector<const Step*> due(bool hurried) const {
    std::vector<const Step*> steps;
    for (const PlannedStep& planned : standing_.plan.steps) {
      if (planned.cleanup && standing_.applies(*planned.step)) steps.push_back(planned.step);
    }
    const auto quicker = [this](const Step* a, const Step* b) {
      return value_of(a->timeout, standing_.scope()) < value_of(b->timeout, standing_.scope());
    };
    if (hurried) std::stable_sort(steps.begin(), steps.end(), quicker);
    return steps;
  }

  // At once, so that an interrupt does not look like a hang.
  void tell_wait(const std::string& busy) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(at::Session::kCleanUpLimit).count();
    const std::string what = busy.empty() ? "the clean-up" : fmt::format("the module to end {}, then clean-up", busy);
    events_.note(fmt::format("interrupted; waiting for {}, {} seconds at most", what, seconds));
  }

  Done run_step(const Step& step, const std::string& stage, SteadyTime limit) {
    const SteadyTime start = session_.clock().now();
    StepEnd end{{stage, step.name}, StepEnd::Outcome::passed, {}, {}, {}};
    events_.step_started(end.name);
    Done done = attempt_all(step, end.name, limit);
    end.duration = std::chrono::duration_cast<Milliseconds>(session_.clock().now() - start);
    if (done.result.ok()) {
      end.detail = preview(step.detail, standing_.scope());
    } else {
      const Error& error = done.result.error();
      standing_.failed.insert(step.name);
      const bool tolerated = standing_.goes_on(step) || may_begin_again(error);
      end.outcome = tolerated ? StepEnd::Outcome::skipped : StepEnd::Outcome::failed;
      end.detail = tolerated ? error.what : "";
      end.error = error;
    }
    events_.step_ended(end);
    return done;
  }

  Done attempt_all(const Step& step, const StepName& name, SteadyTime limit) {
    const SteadyTime start = session_.clock().now();
    const auto waits = [&] {
      const auto elapsed = std::chrono::duration_cast<Milliseconds>(session_.clock().now() - start);
      events_.waiting(name, elapsed, longest(step, elapsed));
    };
    const std::uint64_t attempts = value_of(step.attempts, standing_.scope());
    for (std::uint64_t number = 1;; ++number) {
      Attempt tried = attempt(step, standing_, limit, waits);
      if (tried.passed) return {{}, true, false};
      const std::uint64_t most = std::min(attempts, tried.worth.value_or(attempts));
      if (tried.last || number >= most) return {std::move(tried.error), tried.answered, tried.told};
      if (!tried.not_yet) {
        events_.note(fmt::format("{}: {}; attempt {} of {}", step.name, tried.happened, number + 1, most));
      }
      if (Result<void> paused = pause(step, limit, waits); !paused) return {std::move(paused), true, false};
    }
  }

  // Of a step that has waited for `elapsed`: where each attempt is answered at once only its pauses are to be waited
  // for, and where they are not, all its attempts.
  Milliseconds longest(const Step& step, Milliseconds elapsed) const {
    const Scope scope = standing_.scope();
    const std::chrono::seconds timeout(value_of(step.timeout, scope));
    const auto attempts = static_cast<std::int64_t>(value_of(step.attempts, scope));
    const std::chrono::seconds pauses = (attempts - 1) * std::chrono::seconds(value_of(step.pause, scope));
    const bool looks = step.pause_until && elapsed <= timeout + pauses;
    return (looks ? 1 : attempts) * timeout + pauses;
  }

  // Through the session, so that what the module says meanwhile is read.
  Result<void> pause(const Step& step, SteadyTime limit, const std::function<void()>& waits) {
    const SteadyTime end = session_.clock().now() + std::chrono::seconds(value_of(step.pause, standing_.scope()));
    PauseObserver observer(step, standing_.scope(), waits);
    const Result<bool> waited = session_.wait(
        std::min(end, limit), [&] { return observer.ended(); }, &observer);
    if (waited) return {};
    Error error = waited.error();
    error.what = fmt::format("{}: {}", step.name, error.what);
    return error;
  }

  class PauseObserver final : public at::Observer {
   public:
    PauseObserver(const Step& step, Scope scope, const std::function<void()>& waits)
        : step_(step), scope_(scope), waits_(waits) {}

    void see(const at::Event& event) override {
      const auto* line = std::get_if<at::Line>(&event);
      Captures ignored;
      ended_ =
          ended_ || (line != nullptr && step_.pause_until && match(*step_.pause_until, line->text, scope_, ignored));
    }
    void wait() override { waits_(); }
    bool ended() const { return ended_; }

   private:
    const Step& step_;
    Scope scope_;
    const std::function<void()>& waits_;
    bool ended_ = false;
  };

  at::Session& session_;
  Events& events_;
  const RunOptions& options_;
  Standing standing_;
  std::uint64_t restarts_ = 0;    // of the module, so far
  const Step* failed_ = nullptr;  // that ended the steps
  bool told_ = false;             // why it failed, by a row of its table
};

}  // namespace

Outcome run(const Plan& plan, at::Session& session, Events& events, const RunOptions& options) {
  return Runner(plan, session, events, options).run();
}

}  // namespace atcert::script
