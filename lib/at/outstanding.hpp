// SPDX-License-Identifier: Apache-2.0
// What is outstanding on the line: whether the module may still give a result that belongs to a command from before.
// Whoever sends the next command asks first; what comes of it then is never taken for the next command's answer.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace atcert::at {

class Outstanding {
 public:
  // At the start of a session: somebody else may have sent something.
  bool unknown() const { return state_ == State::unknown; }
  bool nothing() const { return state_ == State::nothing; }
  // A result is still to come, of this command, and is waited for until then.
  bool owed() const { return state_ == State::owed; }
  std::string_view command() const { return owed() ? std::string_view(command_) : std::string_view(); }
  SteadyTime until() const { return until_; }
  // The owed command may as well have been dropped: it met a "busy p...", or a restart.
  bool perhaps_dropped() const { return owed() && perhaps_dropped_; }

  // It was waited for as long as is any use, and it still runs: from here on the module is only asked.
  bool given_up() const { return owed() && given_up_; }
  void give_up() { given_up_ = true; }

  // The command has no result yet; it may run on in the module.
  void owe(std::string command, SteadyTime until);
  // The same, if it runs at all.
  void owe_perhaps(std::string command, SteadyTime until);
  // While it ran another line was sent and answered "busy p...". The firmware may run that one afterwards
  // (espressif/esp-at issue 993).
  void queue(std::string command) { queued_ = std::move(command); }
  // A result came, of what was owed. A queued command then runs at once, if at all, and its result comes until
  // `queued_ends`.
  void settle(SteadyTime queued_ends);
  // The module has restarted, or was proven to be idle.
  void clear();

 private:
  enum class State { unknown, nothing, owed };

  State state_ = State::unknown;
  std::string command_;
  bool perhaps_dropped_ = false;
  bool given_up_ = false;
  std::string queued_;
  SteadyTime until_;
};

}  // namespace atcert::at
