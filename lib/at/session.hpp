// SPDX-License-Identifier: Apache-2.0
// The AT dialogue with one module: one command in flight, its deadline, its data phase, and whoever listens to
// unsolicited lines. Every exchange goes to the dialogue log with its time and direction, secrets redacted. Not
// thread-safe: one session belongs to one thread; another thread may only ask its stop token to stop.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "at/command.hpp"
#include "at/dialogue_log.hpp"
#include "at/exchange.hpp"
#include "at/framer.hpp"
#include "base/clock.hpp"
#include "base/redactor.hpp"
#include "base/result.hpp"
#include "base/wake_up.hpp"
#include "serial/transport.hpp"

namespace atcert::at {

class Session {
 public:
  // Called for every line and counted payload as it arrives, also between commands.
  using Listener = std::function<void(const Event&)>;

  // `log` may be null. A stop request ends waits with an Error of kind interrupted, but never in a data phase, which is
  // always completed: a module that waits for data swallows the next commands.
  Session(serial::Transport& transport, const Clock& clock, DialogueLog* log, std::stop_token stop);

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Sends the command and reads its reply. Errors: input when the line is too long for the firmware; interrupted;
  // no_module when the transport fails or nothing at all comes back; module when the module restarted in the middle,
  // stayed busy, gave no result in time or asked for no data where a data phase was due.
  Result<Reply> execute(const Command& command);

  // Reads until `done` returns true, the deadline passes (returns false) or the transport fails. For unsolicited lines,
  // and for pauses, during which the module may speak.
  Result<bool> wait(SteadyTime deadline, const std::function<bool()>& done);

  // Brings a module in an unknown state to where it takes commands (recovery.cpp), or fails with no_module. Takes no
  // time to speak of when the module is well, about 10 seconds when it is silent, up to 20 more when it is busy.
  Result<void> synchronise();

  // The listener is called until the returned handle is destroyed.
  [[nodiscard]] std::shared_ptr<void> listen(Listener listener);

  // An Error of kind interrupted when a stop was requested.
  Result<void> check_stop() const;

  // For the clean-up after a stop request: from now on nothing is waited for beyond kCleanUpLimit, and what is not sent
  // by then is refused ("no_time"). Returns the command that the module is still busy with, if any. The first call
  // counts.
  std::string hurry();
  static constexpr Milliseconds kCleanUpLimit{10'000};

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
    std::stop_token stop_;
  };

  // Keeps a secret out of all that the module's text becomes a part of. A job makes its secrets known before the first
  // command; secret parameters of commands are hidden unasked.
  void hide(const Secret& secret) { door_.hide(secret); }

  serial::Transport& transport() { return *transport_; }
  const Clock& clock() const { return *clock_; }

 private:
  // Whether a command from before may still be running in the module.
  enum class Earlier { none, unknown, running };

  Result<std::optional<Event>> next_event(SteadyTime deadline, bool stoppable);
  Result<std::size_t> read_some(SteadyTime deadline, bool stoppable);
  Result<void> quiet(Milliseconds silence, Milliseconds limit);
  void observe(const Event& event);
  void log(DialogueEntry::Direction direction, std::string text);

  Result<void> send(const Command& command);
  Result<void> send_data(ByteView data);
  Result<Reply> converse(const Command& command, Exchange& exchange);
  Result<Reply> conclude(const Command& command, Exchange& exchange);
  Result<void> settle();
  SteadyTime no_later(SteadyTime deadline) const { return std::min(deadline, latest_); }
  void tell_waiting_stop();
  void abandon(Milliseconds patience);

  Result<bool> answers();
  Result<bool> answers_after_escape();
  Result<bool> answers_after_filler();

  serial::Transport* transport_;
  const Clock* clock_;
  DialogueLog* log_;
  std::stop_token stop_;
  WakeUp wake_;  // of a read, by a stop request
  std::stop_callback<std::function<void()>> wake_on_stop_;
  Redactor door_;  // all that comes in passes it
  Framer framer_{door_};
  std::string in_flight_;  // the command as it may be shown, for its echo and for messages
  std::vector<std::weak_ptr<Listener>> listeners_;
  Earlier earlier_ = Earlier::unknown;
  SteadyTime earlier_ends_;
  SteadyTime latest_ = SteadyTime::max();  // of a clean-up after a stop request
  std::stop_token waiting_stop_;           // that has to wait while something is not to be interrupted
  std::function<void()> told_;             // once it is requested
};

}  // namespace atcert::at
