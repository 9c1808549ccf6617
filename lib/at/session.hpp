// SPDX-License-Identifier: Apache-2.0
// The AT dialogue with one module: one command in flight, its deadline, its data phase, and whoever listens to
// unsolicited lines. Every exchange goes to the dialogue log with its time and direction, secrets redacted. Not
// thread-safe: one session belongs to one thread; another thread may only ask its stop token to stop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "at/command.hpp"
#include "at/dialogue_log.hpp"
#include "at/framer.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "serial/transport.hpp"

namespace atcert::at {

// What a command is and how its reply ends.
struct Command {
  enum class Ending {
    result,   // OK or ERROR; after a data phase too
    publish,  // +MQTTPUB:OK or +MQTTPUB:FAIL, which no OK follows (AT+MQTTPUBRAW)
  };

  CommandLine line;
  Milliseconds timeout{1000};
  std::optional<ByteView> data;  // sent after the prompt; borrowed until execute() returns; never logged
  Ending ending = Ending::result;
};

// What the module answered. A module's ERROR is an answer, not an Error.
struct Reply {
  bool ok = false;                         // OK or +MQTTPUB:OK
  std::vector<std::string> lines;          // other lines between command and result, without CR LF, no blank ones
  std::vector<Counted> counted;            // length-prefixed payloads among them (+SYSFLASH, +SYSMFG)
  std::vector<std::uint32_t> error_codes;  // ERR CODE lines, in order
  Milliseconds duration{0};

  // The module's own words for a message: "ERR CODE:0x010a6021, ERROR".
  std::string words() const;
};

class Session {
 public:
  // Called for every line and counted payload as it arrives, also between commands.
  using Listener = std::function<void(const Event&)>;

  // `log` may be null. A stop request ends waits with an Error of kind interrupted, but never in a data phase, which is
  // always completed: a module that waits for data swallows the next commands.
  Session(serial::Transport& transport, const Clock& clock, DialogueLog* log, std::stop_token stop);

  // Sends the command and reads its reply. Errors: interrupted; no_module when the transport fails or nothing answers
  // in time; module when the module restarted in the middle or asks for no data where a data phase was due.
  Result<Reply> execute(const Command& command);

  // Reads until `done` returns true, the deadline passes (returns false) or the transport fails. For unsolicited lines,
  // and for pauses, during which the module may speak.
  Result<bool> wait(SteadyTime deadline, const std::function<bool()>& done);

  // The listener is called until the returned handle is destroyed.
  [[nodiscard]] std::shared_ptr<void> listen(Listener listener);

  // Lets the rest of a job (its clean-up) run on after an interrupt.
  void replace_stop_token(std::stop_token stop);

  serial::Transport& transport();
  const Clock& clock() const;

 private:
  struct State;
  std::unique_ptr<State> state_;

 public:
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
};

}  // namespace atcert::at
