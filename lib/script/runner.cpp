// SPDX-License-Identifier: Apache-2.0
#include "script/runner.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "script/diagnosis.hpp"
#include "script/watch.hpp"

namespace atcert::script {
namespace {

// The session's errors (at/session_errors.hpp): the module is there, but gives no result.
bool has_no_result(const Error& error) {
  return error.code == "no_result";
}

// The line was not run, for all that is known.
bool was_dropped(const Error& error) {
  return error.code == "busy" || error.code == "short_reply";
}

// How one attempt at a step ended.
struct Attempt {
  bool passed = false;
  bool last = false;  // no further attempt helps
  Error error;
};

class Runner {
 public:
  Runner(const Plan& plan, at::Session& session, Events& events, const RunOptions& options)
      : plan_(plan), session_(session), events_(events), options_(options) {}

  Outcome run() {
    for (const auto& [name, value] : plan_.values) {
      if (const Secret* secret = std::get_if<Secret>(&value)) session_.hide(*secret);
    }
    Result<void> result = run_steps();
    std::vector<Error> failures = clean_up();
    if (result.ok() && !failures.empty()) result = failures.front();
    return {std::move(result), std::move(failures), std::move(captures_)};
  }

 private:
  Scope scope() const { return {plan_.values, captures_}; }

  Result<void> run_steps() {
    for (const PlannedStep& planned : plan_.steps) {
      if (planned.cleanup || !applies(*planned.step)) continue;
      Result<void> done = run_step(*planned.step, options_.stage, SteadyTime::max());
      if (done.ok()) continue;
      if (done.error().kind == ErrorKind::interrupted) return done;
      if (goes_on(*planned.step)) continue;
      if (options_.on_failure) options_.on_failure({*planned.step, done.error(), told_});
      return done;
    }
    return {};
  }

  std::vector<Error> clean_up() {
    if (!session_.check_stop()) tell_wait(session_.hurry());
    const at::Session::Uninterrupted whole(session_);
    std::vector<Error> failures;
    const SteadyTime limit = session_.clock().now() + options_.cleanup_budget;
    for (const PlannedStep& planned : plan_.steps) {
      if (!planned.cleanup || !applies(*planned.step)) continue;
      const Result<void> done = run_step(*planned.step, options_.cleanup_stage, limit);
      if (done.ok()) continue;
      if (!goes_on(*planned.step) || done.error().code == "no_time") failures.push_back(done.error());
      if (done.error().kind == ErrorKind::no_module) break;  // the port is gone, or nobody answers
    }
    return failures;
  }

  // At once, so that an interrupt does not look like a hang.
  void tell_wait(const std::string& busy) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(at::Session::kCleanUpLimit).count();
    const std::string what = busy.empty() ? "the clean-up" : fmt::format("the module to end {}, then clean-up", busy);
    events_.note(fmt::format("interrupted; waiting for {}, {} seconds at most", what, seconds));
  }

  bool applies(const Step& step) const { return holds(step.when); }
  bool goes_on(const Step& step) const { return step.go_on && holds(*step.go_on); }

  bool holds(const Condition& condition) const {
    return evaluate(condition, {plan_.module, scope(), true, was_sent(), has_failed()}) == Truth::yes;
  }

  std::function<bool(std::string_view)> was_sent() const {
    return [this](std::string_view name) { return sent_.contains(name); };
  }
  std::function<bool(std::string_view)> has_failed() const {
    return [this](std::string_view name) { return failed_.contains(name); };
  }

  Result<void> run_step(const Step& step, const std::string& stage, SteadyTime limit) {
    const SteadyTime start = session_.clock().now();
    StepEnd end{{stage, step.name}, StepEnd::Outcome::passed, {}, {}, {}};
    events_.step_started(end.name);
    told_ = false;
    Result<void> done = attempt_all(step, limit);
    end.duration = std::chrono::duration_cast<Milliseconds>(session_.clock().now() - start);
    if (done.ok()) {
      end.detail = preview(step.detail, scope());
    } else {
      failed_.insert(step.name);
      end.outcome = goes_on(step) ? StepEnd::Outcome::skipped : StepEnd::Outcome::failed;
      end.detail = goes_on(step) ? done.error().what : "";
      end.error = done.error();
    }
    events_.step_ended(end);
    return done;
  }

  Result<void> attempt_all(const Step& step, SteadyTime limit) {
    const std::uint64_t attempts = value_of(step.attempts, scope());
    for (std::uint64_t number = 1;; ++number) {
      Attempt attempt = attempt_once(step, limit);
      if (attempt.passed) return {};
      if (attempt.last || number >= attempts) return std::move(attempt.error);
      ATCERT_CHECK(pause(step, limit));
    }
  }

  // Through the session, so that what the module says meanwhile is read.
  Result<void> pause(const Step& step, SteadyTime limit) {
    const SteadyTime end = session_.clock().now() + std::chrono::seconds(value_of(step.pause, scope()));
    bool ended = false;
    const auto watch = [&](const at::Event& event) { ended = ended || ends_pause(step, event); };
    const std::shared_ptr<void> listening = session_.listen(watch);
    const Result<bool> waited = session_.wait(std::min(end, limit), [&] { return ended; });
    return waited ? Result<void>() : in_step(step, waited.error());
  }

  bool ends_pause(const Step& step, const at::Event& event) const {
    const auto* line = std::get_if<at::Line>(&event);
    Captures ignored;
    return line != nullptr && step.pause_until && match(*step.pause_until, line->text, scope(), ignored);
  }

  Attempt attempt_once(const Step& step, SteadyTime limit) {
    const auto now = std::chrono::floor<std::chrono::seconds>(session_.clock().wall().time_since_epoch());
    captures_.insert_or_assign(std::string(kHostTime), std::to_string(now.count()));
    if (const auto missing = missing_name(step, scope())) return hard(capture_missing(step, *missing));
    Result<at::CommandLine> line = command_for(step, scope());
    if (!line) return hard(std::move(line).error());
    if (const Result<void> stopped = session_.check_stop(); !stopped) return hard(before_step(step, stopped.error()));
    const Milliseconds timeout = time_left(step, limit);
    if (timeout == Milliseconds(0)) return hard(out_of_time(step));
    return converse(step, *std::move(line), timeout, limit);
  }

  Attempt converse(const Step& step, at::CommandLine line, Milliseconds timeout, SteadyTime limit) {
    const std::string shown = line.shown();
    const Secret data = step.data ? render_data(*step.data, scope()) : Secret();
    Watch watch(step, scope());
    at::Command command{std::move(line), timeout, {}, at::Command::Ending::result};
    if (step.data) command.data = data.reveal();
    if (step.accept == Step::Accept::publish) command.ending = at::Command::Ending::publish;
    sent_.insert(step.name);
    const Result<at::Reply> reply = session_.execute(command, limit, &watch);
    if (!reply) return unanswered(step, shown, reply.error(), watch);
    return judge(step, shown, *reply, watch, session_.clock().now() + (timeout - reply->duration));
  }

  // Until `deadline`, what is expected may come after the result.
  Attempt judge(const Step& step, const std::string& shown, const at::Reply& reply, Watch& watch, SteadyTime deadline) {
    if (!reply.ok && step.accept != Step::Accept::any) {
      return soft(
          step, shown,
          {fmt::format("the module answered {}", reply.words()), watch.lines(), reply.error_codes, true, false});
    }
    const Result<bool> met = session_.wait(
        deadline, [&] { return watch.all_met() || watch.ended(); }, &watch);
    if (!met) return hard(in_step(step, met.error()));
    if (!*met) {
      const Result<void> there = session_.check_there();
      if (!there) return hard(in_step(step, there.error()));
    }
    if (!watch.all_met()) {
      const std::string happened = fmt::format("the module answered, but {}", watch.shortfall());
      return soft(step, shown, {happened, watch.lines(), reply.error_codes, false, !watch.ended()});
    }
    for (const auto& [name, value] : watch.captured()) captures_[name] = value;
    if (const auto wrong = watch.wrong_time(session_.clock().wall())) {
      return soft(step, shown, {*wrong, watch.lines(), reply.error_codes, false, false});
    }
    return {true, true, {}};
  }

  Attempt soft(const Step& step, const std::string& shown, const Evidence& evidence) {
    Diagnosis diagnosis = diagnose(step, shown, evidence, {plan_.module, scope(), true, was_sent(), has_failed()});
    told_ = diagnosis.told;
    return {false, false, std::move(diagnosis.error)};
  }

  static Attempt hard(Error error) { return {false, true, std::move(error)}; }

  Attempt unanswered(const Step& step, const std::string& shown, const Error& error, const Watch& watch) {
    if (was_dropped(error)) return {false, false, in_step(step, error)};
    if (!has_no_result(error)) return hard(in_step(step, error));
    Attempt attempt = soft(step, shown, {error.what, watch.lines(), {}, false, true});
    attempt.last = true;  // the command may still be running in the module
    return attempt;
  }

  // Before its first command: the session tells an interrupt with the command of the step before.
  static Error before_step(const Step& step, Error error) {
    if (error.kind == ErrorKind::interrupted) error.what = "interrupted";
    return in_step(step, std::move(error));
  }

  static Error in_step(const Step& step, Error error) {
    error.what = fmt::format("{}: {}", step.name, error.what);
    return error;
  }

  static Error out_of_time(const Step& step) {
    return {ErrorKind::module, "out_of_time", fmt::format("{}: no time was left for it", step.name),
            "the steps before it took too long", "reset the module"};
  }

  static Error capture_missing(const Step& step, std::string_view name) {
    return {ErrorKind::module,
            "capture_missing",
            fmt::format("{}: the module did not say what \"{}\" is, which the step needs", step.name, name),
            {},
            "look at the dialogue log for the step that asks for it"};
  }

  Milliseconds time_left(const Step& step, SteadyTime limit) const {
    const Milliseconds timeout = std::chrono::seconds(value_of(step.timeout, scope()));
    if (limit == SteadyTime::max()) return timeout;
    const auto left = std::chrono::duration_cast<Milliseconds>(limit - session_.clock().now());
    return std::clamp(left, Milliseconds(0), timeout);
  }

  const Plan& plan_;
  at::Session& session_;
  Events& events_;
  const RunOptions& options_;
  Captures captures_;
  std::set<std::string, std::less<>> sent_;
  std::set<std::string, std::less<>> failed_;
  bool told_ = false;  // by a row of its table: why the last step failed
};

}  // namespace

Outcome run(const Plan& plan, at::Session& session, Events& events, const RunOptions& options) {
  return Runner(plan, session, events, options).run();
}

}  // namespace atcert::script
