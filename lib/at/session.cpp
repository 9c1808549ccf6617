// SPDX-License-Identifier: Apache-2.0
#include "at/session.hpp"

#include <algorithm>
#include <utility>

#include "at/error_code.hpp"
#include "at/line_kind.hpp"
#include "at/session_errors.hpp"

namespace atcert::at {
namespace {

constexpr Milliseconds kDrainLimit{1000};
// The prompt comes before any work is done, so a module that does not give it is not waited for as long as for a
// result.
constexpr Milliseconds kPromptLimit{5'000};
// After a busy: how long to wait for the result of a second command, which the module runs at once.
constexpr Milliseconds kSecondResult{300};
// After a busy: how long the module is quiet before it is asked what became of the line. Doubled each time.
constexpr Milliseconds kBusyQuiet{1000};
// How long an earlier command may run on (a Wi-Fi join takes 15 s by default).
constexpr Milliseconds kEarlierLimit{20'000};
// What a command that has outrun its own deadline gets on top before the module is asked.
constexpr Milliseconds kOverdue{5'000};
// Of the time of a call: what is kept for asking whether the module takes commands after all.
constexpr Milliseconds kLastTry{2'000};
// A reply that is still coming in is not cut off at its deadline: on a slow line it takes its time.
constexpr Milliseconds kStillComing{1000};
// AT is answered at once.
constexpr Milliseconds kAnswer{1'000};
// 8 KiB of filler at 9600 baud.
constexpr Milliseconds kFillerTime{10'000};
constexpr int kMostSendings = 3;
constexpr std::chrono::seconds kWaitTold{1};

bool is_result(LineKind kind) {
  return kind == LineKind::ok || kind == LineKind::error;
}

LineKind kind_of_event(const Event& event) {
  const auto* line = std::get_if<Line>(&event);
  return line == nullptr ? LineKind::other : kind_of(line->text.raw());
}

// Whoever observes one call, and nobody else's.
class Observing {
 public:
  Observing(Observer*& place, Observer* observer) : place_(place), before_(std::exchange(place, observer)) {}
  ~Observing() { place_ = before_; }
  Observing(const Observing&) = delete;
  Observing& operator=(const Observing&) = delete;

 private:
  Observer*& place_;
  Observer* before_;
};

}  // namespace

Session::Session(serial::Transport& transport, const Clock& clock, DialogueLog* log, std::stop_token stop)
    : clock_(&clock),
      stop_(std::move(stop)),
      pump_(transport, clock, log, [this] { turn(); }),
      noting_(pump_.listen([this](const Event& event) { note(event); })) {}

Result<void> Session::check_stop() const {
  return stoppable_ && stop_.requested() ? Result<void>(interrupted_error(pump_.in_flight())) : Result<void>();
}

std::string Session::hurry() {
  if (latest_ == SteadyTime::max()) latest_ = clock_->now() + kCleanUpLimit;
  return std::string(outstanding_.command());
}

// One within another has no stop request to keep.
Session::Uninterrupted::Uninterrupted(Session& session, std::function<void()> told)
    : session_(session), outermost_(session.stoppable_) {
  if (!outermost_) return;
  session.stoppable_ = false;
  session.told_ = std::move(told);
}

Session::Uninterrupted::~Uninterrupted() {
  if (!outermost_) return;
  session_.stoppable_ = true;
  session_.told_ = {};
}

Limit Session::limit(SteadyTime deadline) const {
  return {std::min(deadline, latest_), &stop_, stoppable_};
}

void Session::turn() {
  if (told_ && stop_.requested()) std::exchange(told_, {})();
  if (observer_ == nullptr || clock_->now() < next_wait_) return;
  next_wait_ = clock_->now() + kWaitTold;
  observer_->wait();
}

// Also of what a wait() reads: settle() would look for it in vain.
void Session::note(const Event& event) {
  const LineKind kind = kind_of_event(event);
  if (kind == LineKind::ready) return outstanding_.clear();
  if (outstanding_.owed() && is_result(kind)) outstanding_.settle(clock_->now() + kSecondResult);
}

void Session::see(const Event& event) {
  if (observer_ != nullptr) observer_->see(event);
}

Result<Reply> Session::execute(const Command& command, SteadyTime deadline, Observer* observer) {
  ATCERT_CHECK(command.line.check());
  if (stoppable_ && stop_.requested()) return interrupted_error(command.line.shown());
  const SteadyTime begin = clock_->now();
  const Limit call = limit(std::min(deadline, begin + command.timeout + kEarlierLimit));
  if (begin >= call.deadline) return no_time_error(command.line.shown());
  const Observing observing(observer_, observer);
  next_wait_ = begin + kWaitTold;
  ATCERT_CHECK(settle(command.line.shown(), call));
  if (clock_->now() >= call.deadline) return no_time_error(command.line.shown());
  ATCERT_CHECK(pump_.quiet(Milliseconds(0), call.by(clock_->now() + kDrainLimit)));
  const SteadyTime sent = clock_->now();
  auto reply = converse(command, call);
  if (reply) reply->duration = std::chrono::duration_cast<Milliseconds>(clock_->now() - sent);
  return reply;
}

Result<bool> Session::wait(SteadyTime deadline, const std::function<bool()>& done, Observer* observer) {
  const Observing observing(observer_, observer);
  next_wait_ = clock_->now() + kWaitTold;
  for (;;) {
    if (done()) return true;
    ATCERT_TRY(const auto, event, pump_.next(limit(deadline)));
    if (!event) return done();
    see(*event);
  }
}

Result<void> Session::check_there() {
  const std::string last = pump_.in_flight();
  ATCERT_TRY(const Probe, found, probe(limit(SteadyTime::max()), kAnswer, kSecondResult));
  if (found.sign == Probe::Sign::restarted) return restarted_error(last);
  if (found.sign == Probe::Sign::silent) return silent_error(last, pump_.transport().name());
  if (found.sign == Probe::Sign::idle) outstanding_.clear();
  return {};
}

// Nothing is sent into a running command: the firmware may keep the line and run it at another time.
Result<void> Session::settle(const std::string& next, const Limit& limit) {
  const SteadyTime last = limit.deadline - kLastTry;
  Milliseconds patience = kBusyQuiet;
  bool asked_last = false;
  while (outstanding_.owed()) {
    const SteadyTime until = outstanding_.given_up() ? clock_->now() : std::min(outstanding_.until(), last);
    ATCERT_TRY(const auto, event, pump_.next(asked_last ? limit : limit.by(until)));
    if (event) continue;
    if (outstanding_.perhaps_dropped()) {
      outstanding_.clear();
      return {};
    }
    if (asked_last) {
      outstanding_.give_up();
      return still_running_error(outstanding_.command(), next);
    }
    ATCERT_TRY(const Probe, found, probe(limit, kAnswer, kSecondResult));
    if (found.sign == Probe::Sign::silent) {
      return silent_error(next.empty() ? outstanding_.command() : next, pump_.transport().name());
    }
    if (found.sign == Probe::Sign::restarted) return {};
    if (found.sign == Probe::Sign::idle) outstanding_.clear();
    if (outstanding_.given_up()) return still_running_error(outstanding_.command(), next);
    if (outstanding_.owed()) outstanding_.owe(std::string(outstanding_.command()), clock_->now() + patience);
    asked_last = clock_->now() >= last;
    patience *= 2;
  }
  return {};
}

// A module runs its commands in their order, so a result of AT without a "busy p..." proves that nothing from before is
// left to come. A result that comes late may stand before it, for which `window` is waited unless the echo shows whose
// it is.
Result<Session::Probe> Session::probe(const Limit& limit, Milliseconds patience, Milliseconds window) {
  pump_.reset();
  const CommandLine line("AT");
  ATCERT_CHECK(pump_.send(line, false));
  Probe found;
  bool echoed = false;
  std::size_t result = 0;  // its place behind what came
  SteadyTime end = clock_->now() + patience;
  for (;;) {
    auto event = pump_.next(limit.by(end));
    if (!event) {
      outstanding_.queue(line.shown());
      return std::move(event).error();
    }
    if (!*event) break;
    const LineKind kind = kind_of_event(**event);
    if (kind == LineKind::busy) {
      found.sign = Probe::Sign::running;
      outstanding_.queue(line.shown());
      end = clock_->now() + kSecondResult;
      continue;
    }
    echoed = echoed || std::holds_alternative<Echo>(**event);
    found.came.push_back(std::move(**event));
    if (kind == LineKind::ready) {
      found.sign = Probe::Sign::restarted;
      end = clock_->now() + kSecondResult;  // the banner may have been on its way before AT was
      continue;
    }
    if (!is_result(kind)) continue;
    result = found.came.size();
    found.ok = kind == LineKind::ok;
    if (echoed && found.sign != Probe::Sign::running) break;
    end = found.sign == Probe::Sign::running ? clock_->now() + kSecondResult : std::min(end, clock_->now() + window);
  }
  if (result == 0 || found.sign == Probe::Sign::restarted) return found;
  // Behind a "busy p..." it is another command's or that of AT, if it was run all the same: either way the last is
  // done.
  if (std::exchange(found.sign, Probe::Sign::idle) == Probe::Sign::running) return found;
  found.came.erase(found.came.begin() + static_cast<std::ptrdiff_t>(result) - 1);
  return found;
}

Result<Reply> Session::converse(const Command& command, const Limit& limit) {
  for (int sendings = 1;; ++sendings) {
    ATCERT_TRY(auto, reply, send_once(command, limit));
    const bool again = command.resend && sendings < kMostSendings && clock_->now() < limit.deadline;
    if (reply && !(again && arrived_damaged(*reply))) return std::move(*reply);
    if (!again) return dropped_error(command.line.shown());
  }
}

// The reply, or nothing when the module dropped the line. Once the line of a command with data is out nothing may stop
// us before the data is: the module takes what comes next as data, for ever.
Result<std::optional<Reply>> Session::send_once(const Command& command, const Limit& call) {
  const Limit limit = command.data ? Limit{SteadyTime::max(), call.stop, false} : call;
  Exchange exchange(command);
  pump_.reset();
  if (observer_ != nullptr) observer_->begin();
  ATCERT_CHECK(pump_.send(command.line, command.data.has_value()));
  SteadyTime end = clock_->now() + (command.data ? std::min(command.timeout, kPromptLimit) : command.timeout);
  SteadyTime look = SteadyTime::max();  // when a line that met a "busy p..." is asked about
  Milliseconds patience = kBusyQuiet;
  for (;;) {
    auto event = pump_.next(limit.by(std::min(end, look)));
    if (!event) {
      outstanding_.owe(command.line.shown(), clock_->now() + std::min(command.timeout, kEarlierLimit));
      return std::move(event).error();
    }
    if (!*event) {
      if (pump_.traffic().last > clock_->now() - kStillComing && clock_->now() < call.deadline && look > end) {
        end = clock_->now() + kStillComing;
        continue;
      }
      if (!exchange.busy() || clock_->now() >= std::min(end, limit.deadline)) return conclude(command, exchange, limit);
      ATCERT_TRY(const bool, known, ask_after_busy(command, exchange, limit));
      if (known) return conclude(command, exchange, limit);
      patience *= 2;
      look = clock_->now() + patience;
      continue;
    }
    see(**event);
    const bool was_busy = exchange.busy();
    switch (exchange.take(std::move(**event))) {
      case Exchange::State::waiting:
        if (exchange.busy() && !was_busy) end = std::max(end, clock_->now() + kEarlierLimit);
        if (exchange.busy()) look = clock_->now() + patience;
        break;
      case Exchange::State::prompted:
        ATCERT_CHECK(pump_.send_data(*command.data));
        exchange.data_sent();
        end = clock_->now() + command.timeout;
        look = SteadyTime::max();
        break;
      case Exchange::State::answered:
        if (!exchange.busy()) return conclude(command, exchange, limit);
        look = clock_->now() + kSecondResult;
        break;
      case Exchange::State::restarted:
        // The banner may have been on its way before the line was: then that is run by the module as it is now.
        outstanding_.owe_perhaps(command.line.shown(), clock_->now() + kSecondResult);
        return restarted_error(command.line.shown());
    }
  }
}

// What became of a line that met a "busy p...", once the module is quiet. True: it has its reply, or was dropped.
Result<bool> Session::ask_after_busy(const Command& command, Exchange& exchange, const Limit& limit) {
  if (exchange.has_reply(!outstanding_.nothing())) return true;
  if (exchange.answered() && observer_ != nullptr) observer_->begin();  // that was an earlier command's
  ATCERT_TRY(Probe, found, probe(limit, kAnswer, kSecondResult));
  for (Event& event : found.came) {
    see(event);
    exchange.take(std::move(event));
  }
  switch (found.sign) {
    case Probe::Sign::running:
      return false;
    case Probe::Sign::idle:
      exchange.drop();
      return true;
    case Probe::Sign::restarted:
      return restarted_error(command.line.shown());
    case Probe::Sign::silent:
      break;
  }
  outstanding_.owe(command.line.shown(), clock_->now());
  return silent_error(command.line.shown(), pump_.transport().name());
}

// Makes the reply, or the Error for its lack; nothing when the module dropped the line.
Result<std::optional<Reply>> Session::conclude(const Command& command, Exchange& exchange, const Limit& limit) {
  if (auto reply = exchange.reply(!outstanding_.nothing())) {
    outstanding_.settle(clock_->now() + kSecondResult);
    return reply;
  }
  if (!exchange.dropped()) return no_result(command, exchange, limit);
  outstanding_.clear();
  return std::optional<Reply>();
}

Error Session::no_result(const Command& command, const Exchange& exchange, const Limit& limit) {
  const std::string& shown = command.line.shown();
  Error error = no_result_error(command, exchange, pump_.missing());
  outstanding_.owe(shown, clock_->now());
  if (pump_.missing() > 0) return error;
  if (exchange.data_taken() || (command.data && exchange.accepted())) {
    const auto answered = answers_after_filler(limit.by(clock_->now() + kFillerTime));  // it would swallow what follows
    return answered ? error : answered.error();
  }
  if (clock_->now() >= limit.deadline) return error;
  const auto found = probe(limit, kAnswer, kSecondResult);
  if (!found) return found.error();
  switch (found->sign) {
    case Probe::Sign::idle:
      outstanding_.clear();
      return error;
    case Probe::Sign::running:
      outstanding_.owe(shown, clock_->now() + kOverdue);
      return error;
    case Probe::Sign::restarted:
      return restarted_error(shown);
    case Probe::Sign::silent:
      break;
  }
  return silent_error(shown, pump_.transport().name());
}

}  // namespace atcert::at
