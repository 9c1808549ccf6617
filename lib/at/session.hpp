// SPDX-License-Identifier: Apache-2.0
// The AT dialogue with one module: one command in flight, its data phase, and what is still outstanding of commands
// from before. Every exchange goes to the dialogue log with its time and direction, secrets redacted. Not thread-safe:
// one session belongs to one thread; another thread may only ask its stop token to stop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "at/command.hpp"
#include "at/dialogue_log.hpp"
#include "at/exchange.hpp"
#include "at/heard.hpp"
#include "at/limit.hpp"
#include "at/line_pump.hpp"
#include "at/observer.hpp"
#include "at/outstanding.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "serial/transport.hpp"

namespace atcert::at {

class Session {
 public:
  // Called for every line and counted payload as it arrives, also between commands.
  using Listener = LinePump::Listener;

  // `log` may be null. A stop request ends waits with an Error of kind interrupted, but never in a data phase, which is
  // always completed: a module that waits for data swallows the next commands.
  Session(serial::Transport& transport, const Clock& clock, DialogueLog* log, std::stop_token stop);

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Sends the command once nothing is outstanding, and reads its reply; a line that the module drops with "busy p..."
  // is sent again where the command allows it. All of it ends at `deadline`, or where that is not given, 20 seconds
  // after the time of the command itself. Errors: input when the line is too long for the firmware; interrupted;
  // no_module when the transport fails, or when the module gives no result and no answer to AT either; module when it
  // restarted in the middle ("restarted"), stayed busy, gave no result in time or asked for no data where a data phase
  // was due.
  Result<Reply> execute(const Command& command, SteadyTime deadline = SteadyTime::max(), Observer* observer = nullptr);

  // Reads until `done` returns true, the deadline passes (returns false) or the transport fails. For unsolicited lines,
  // and for pauses, during which the module may speak. The observer goes on observing.
  Result<bool> wait(SteadyTime deadline, const std::function<bool()>& done, Observer* observer = nullptr);

  // Whether the module is still there, after the last command: asks with AT, which takes a second when it is not.
  // Errors: no_module when nothing answers; module when it has restarted.
  Result<void> check_there();

  // Brings a module in an unknown state to where it takes commands (recovery.cpp), and says what the port carries
  // instead when there is no such module at this rate. Takes no time to speak of when the module is well, up to
  // kRouseLimit when nothing answers, 20 seconds more when the module is busy.
  Result<Carries> rouse();
  static constexpr Milliseconds kRouseLimit{4'000};
  // The same with a single AT: for a rate that is only tried.
  Result<Carries> greet(Milliseconds limit);
  // As rouse(), for who needs a module: no_module with a code and a cause for what the port carries.
  Result<void> synchronise();

  // The listener is called until the returned handle is destroyed.
  [[nodiscard]] std::shared_ptr<void> listen(Listener listener) { return pump_.listen(std::move(listener)); }

  // An Error of kind interrupted when a stop was requested.
  Result<void> check_stop() const;

  // For the clean-up after a stop request: from now on nothing is waited for beyond kCleanUpLimit, and what is not sent
  // by then is refused ("no_time"). Returns the command that the module is still busy with, if any. The first call
  // counts.
  std::string hurry();
  static constexpr Milliseconds kCleanUpLimit{10'000};
  // When that time is over; never without a hurry.
  SteadyTime latest() const { return latest_; }

  // While it lives, stop requests wait: for the few steps that must not be torn apart, and for
  // clean-up.
  class Uninterrupted {
   public:
    // `told` is called once, as soon as a stop request comes that has to wait.
    explicit Uninterrupted(Session& session, std::function<void()> told = {});
    ~Uninterrupted();
    Uninterrupted(const Uninterrupted&) = delete;
    Uninterrupted& operator=(const Uninterrupted&) = delete;

   private:
    Session& session_;
    bool outermost_;
  };

  // Keeps a secret out of all that the module's text becomes a part of. A job makes its secrets known before the first
  // command; secret parameters of commands are hidden unasked.
  void hide(const Secret& secret) { pump_.hide(secret); }

  serial::Transport& transport() { return pump_.transport(); }
  const Clock& clock() const { return *clock_; }

 private:
  // What an AT between other things tells.
  struct Probe {
    enum class Sign { idle, running, silent, restarted };

    Sign sign = Sign::silent;
    bool ok = false;          // its result was OK
    std::vector<Event> came;  // before it, or in its place
  };

  Limit limit(SteadyTime deadline) const;
  void turn();
  void note(const Event& event);
  void see(const Event& event);

  Result<void> settle(const std::string& next, const Limit& limit);
  Result<Probe> probe(const Limit& limit, Milliseconds patience, Milliseconds window);

  Result<Reply> converse(const Command& command, const Limit& limit);
  Result<std::optional<Reply>> send_once(const Command& command, const Limit& limit);
  Result<bool> ask_after_busy(const Command& command, Exchange& exchange, const Limit& limit);
  Result<std::optional<Reply>> conclude(const Command& command, Exchange& exchange, const Limit& limit);
  Error no_result(const Command& command, const Exchange& exchange, const Limit& limit);

  Result<bool> answers(Milliseconds patience, const Limit& limit);
  Result<bool> answers_first(const Limit& limit);
  Result<bool> answers_at_last(const Limit& limit);
  void expect_first_answer(SteadyTime begin);
  Result<void> stay_silent(SteadyTime end);
  Result<bool> answers_after_escape(const Limit& limit);
  Result<bool> answers_after_filler(const Limit& limit);
  Carries verdict(const Traffic& before) const;

  const Clock* clock_;
  Stop stop_;
  bool stoppable_ = true;
  std::function<void()> told_;  // once a stop request comes that has to wait
  SteadyTime latest_ = SteadyTime::max();
  LinePump pump_;
  Outstanding outstanding_;
  std::shared_ptr<void> noting_;
  bool spoke_at_ = false;  // the module has answered AT once
  Heard heard_;            // since it was last tried to rouse the module
  Observer* observer_ = nullptr;
  SteadyTime next_wait_;  // when the observer is to be told that we wait
};

}  // namespace atcert::at
