// SPDX-License-Identifier: Apache-2.0
#include "script/attempt.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "at/session_errors.hpp"
#include "script/diagnosis.hpp"
#include "script/watch.hpp"

namespace atcert::script {
namespace {

// The session's errors (at/session_errors.hpp): the module is there, but gives no result.
bool has_no_result(const Error& error) {
  return error.code == "no_result";
}

// The line was not run, or its reply was lost on the way.
bool may_be_asked_again(const Error& error) {
  return error.code == "busy" || error.code == "short_reply";
}

Error in_step(const Step& step, Error error) {
  error.what = fmt::format("{}: {}", step.name, error.what);
  return error;
}

// Before its first command: the session tells an interrupt with the command of the step before.
Error before_step(const Step& step, Error error) {
  error.what = "interrupted";
  return in_step(step, std::move(error));
}

Error out_of_time(const Step& step, std::string_view command) {
  return {ErrorKind::module, "out_of_time", fmt::format("{}: no time was left for {}", step.name, command),
          "the steps before it took too long", "reset the module"};
}

Error capture_missing(const Step& step, std::string_view name) {
  return {ErrorKind::module,
          "capture_missing",
          fmt::format("{}: the module did not say what \"{}\" is, which the step needs", step.name, name),
          {},
          "look at the dialogue log for the step that asks for it"};
}

Attempt hard(Error error) {
  Attempt attempt;
  attempt.last = true;
  attempt.error = std::move(error);
  return attempt;
}

Attempt passed() {
  Attempt attempt;
  attempt.passed = true;
  return attempt;
}

Error nobody_observes() {
  return {ErrorKind::internal, "no_observer", "nobody observes", {}, {}};
}

// A watch that also tells that it waits.
class WaitingWatch final : public Watch {
 public:
  WaitingWatch(const Step& step, Scope scope, const std::function<void()>& waits) : Watch(step, scope), waits_(waits) {}

  void wait() override { waits_(); }

 private:
  const std::function<void()>& waits_;
};

class Trial {
 public:
  Trial(const Step& step, Standing& standing, SteadyTime limit, const std::function<void()>& waits)
      : step_(step),
        standing_(standing),
        session_(standing.session),
        limit_(limit),
        watch_(step, standing.scope(), waits) {}

  Attempt run() {
    const auto now = std::chrono::floor<std::chrono::seconds>(session_.clock().wall().time_since_epoch());
    standing_.captures.insert_or_assign(std::string(kHostTime), std::to_string(now.count()));
    if (const auto missing = missing_name(step_, standing_.scope())) return hard(capture_missing(step_, *missing));
    Result<at::CommandLine> line = command_for(step_, standing_.scope());
    if (!line) return hard(std::move(line).error());
    if (const auto stopped = session_.check_stop(); !stopped) return hard(before_step(step_, stopped.error()));
    const Milliseconds timeout = time_left();
    shown_ = line->shown();
    if (timeout == Milliseconds(0)) return hard(out_of_time(step_, shown_));
    Attempt attempt = step_.observer ? observe(*step_.observer, timeout) : converse(*std::move(line), timeout);
    // Also where the command was answered, by a module that was none of before.
    return standing_.restarted ? hard(in_step(step_, at::restarted_error(shown_))) : attempt;
  }

 private:
  Attempt converse(at::CommandLine line, Milliseconds timeout) {
    const Secret data = step_.data ? render_data(*step_.data, standing_.scope()) : Secret();
    at::Command command{std::move(line), timeout};
    if (step_.data) command.data = data.reveal();
    if (step_.accept == Step::Accept::publish) command.ending = at::Command::Ending::publish;
    standing_.sent.insert(step_.name);
    const Result<at::Reply> reply = session_.execute(command, limit_, &watch_);
    if (!reply) return unanswered(reply.error());
    Attempt attempt = judge(*reply, session_.clock().now() + (timeout - reply->duration));
    attempt.answered = true;
    return attempt;
  }

  // The other end acts: what it sends the module has to receive.
  Attempt observe(const ObserverAct& act, Milliseconds timeout) {
    if (standing_.observer == nullptr) return hard(in_step(step_, nobody_observes()));
    const std::string topic = render(act.topic, standing_.scope());
    const std::string message = render(act.message, standing_.scope());
    const SteadyTime deadline = session_.clock().now() + timeout;
    standing_.sent.insert(step_.name);
    return act.kind == ObserverAct::Kind::sends ? send(topic, message, deadline) : see(topic, message, timeout);
  }

  Attempt see(const std::string& topic, const std::string& message, Milliseconds timeout) {
    shown_ = topic;
    const Result<bool> seen = standing_.observer->saw(topic, message, timeout);
    if (!seen) return hard(in_step(step_, seen.error()));
    return *seen ? passed() : soft({"the message did not come to the observer", {}, {}, false, true});
  }

  Attempt send(const std::string& topic, const std::string& message, SteadyTime deadline) {
    shown_ = topic;
    // What the module said before is not what the observer sends now.
    const Result<bool> heard = session_.wait(session_.clock().now(), [] { return false; });
    if (!heard) return hard(in_step(step_, heard.error()));
    const auto left = std::chrono::duration_cast<Milliseconds>(deadline - session_.clock().now());
    const Result<void> given = standing_.observer->send(topic, message, left);
    if (!given) return hard(in_step(step_, given.error()));
    return expect("the observer sent its message", {}, deadline);
  }

  // Until `deadline` what is expected may come after the result.
  Attempt judge(const at::Reply& reply, SteadyTime deadline) {
    if (!reply.ok && step_.accept != Step::Accept::any) {
      return soft(
          {fmt::format("the module answered {}", reply.words()), watch_.lines(), reply.error_codes, true, false});
    }
    return expect("the module answered", reply.error_codes, deadline);
  }

  Attempt expect(std::string_view so_far, const std::vector<std::uint32_t>& codes, SteadyTime deadline) {
    const auto known = [this] { return watch_.all_met() || watch_.ended() || standing_.restarted; };
    const Result<bool> met = session_.wait(std::min(deadline, limit_), known, &watch_);
    if (!met) return hard(in_step(step_, met.error()));
    if (!*met) {
      if (const auto there = session_.check_there(); !there) return hard(in_step(step_, there.error()));
    }
    if (!watch_.all_met()) {
      const std::string happened = fmt::format("{}, but {}", so_far, watch_.shortfall());
      return soft({happened, watch_.lines(), codes, false, !watch_.ended()});
    }
    for (const auto& [name, value] : watch_.captured()) standing_.captures[name] = value;
    if (const auto wrong = watch_.wrong_time(session_.clock().wall())) {
      Attempt attempt = soft({*wrong, watch_.lines(), codes, false, false});
      attempt.not_yet = true;
      return attempt;
    }
    return passed();
  }

  Attempt soft(const Evidence& evidence) const {
    const Scope scope = standing_.scope();
    Diagnosis diagnosis = diagnose(step_, shown_, evidence, standing_.circumstances(scope));
    Attempt attempt;
    attempt.told = diagnosis.told;
    attempt.worth = diagnosis.attempts;
    attempt.happened = evidence.happened;
    attempt.error = std::move(diagnosis.error);
    return attempt;
  }

  Attempt unanswered(const Error& error) const {
    if (may_be_asked_again(error)) {
      Attempt attempt = hard(in_step(step_, error));
      attempt.last = false;
      attempt.happened = error.what;
      return attempt;
    }
    if (!has_no_result(error)) return hard(in_step(step_, error));
    Attempt attempt = soft({error.what, watch_.lines(), {}, false, true});
    attempt.last = true;  // the command may still be running in the module
    return attempt;
  }

  Milliseconds time_left() const {
    const Milliseconds timeout = std::chrono::seconds(value_of(step_.timeout, standing_.scope()));
    if (limit_ == SteadyTime::max()) return timeout;
    const auto left = std::chrono::duration_cast<Milliseconds>(limit_ - session_.clock().now());
    return std::clamp(left, Milliseconds(0), timeout);
  }

  const Step& step_;
  Standing& standing_;
  at::Session& session_;
  SteadyTime limit_;
  WaitingWatch watch_;
  std::string shown_;
};

}  // namespace

bool Standing::holds(const Condition& condition) const {
  const Scope now = scope();
  return evaluate(condition, circumstances(now)) == Truth::yes;
}

Circumstances Standing::circumstances(const Scope& within) const {
  return {plan.module, within, true, [this](std::string_view name) { return sent.contains(name); },
          [this](std::string_view name) { return failed.contains(name); }};
}

Attempt attempt(const Step& step, Standing& standing, SteadyTime limit, const std::function<void()>& waits) {
  return Trial(step, standing, limit, waits).run();
}

}  // namespace atcert::script
