// SPDX-License-Identifier: Apache-2.0
// One command and its reply, told apart from what else is on the line. A state machine without time or transport: the
// session feeds it events and asks what to do next.
//
// After `busy p...` the dialogue is ambiguous: an earlier command was still running, and the firmware may drop our line
// or run it afterwards (espressif/esp-at issue 993), so one result or two may come. The exchange collects them all, and
// the session asks what became of the line when none of them is its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "at/command.hpp"
#include "at/framer.hpp"
#include "base/clock.hpp"

namespace atcert::at {

// What a command is and how its reply ends.
struct Command {
  enum class Ending {
    result,   // OK or ERROR; after a data phase too
    publish,  // +MQTTPUB:OK or +MQTTPUB:FAIL, which no OK follows (AT+MQTTPUBRAW)
  };

  CommandLine line;
  Milliseconds timeout{1000};
  std::optional<ByteView> data = std::nullopt;  // sent after the prompt; borrowed until execute() returns; never logged
  Ending ending = Ending::result;
  bool resend = true;  // a line that the module dropped may be sent again: running it twice does no harm
};

// What the module answered. A module's ERROR is an answer, not an Error.
struct Reply {
  bool ok = false;                         // OK or +MQTTPUB:OK
  bool echoed = false;                     // the module repeated the command
  std::vector<OutsideText> lines;          // other lines between command and result, without CR LF, no blank ones
  std::vector<Counted> counted;            // length-prefixed payloads among them (+SYSFLASH, +SYSMFG)
  std::vector<std::uint32_t> error_codes;  // ERR CODE lines, in order
  Milliseconds duration{0};

  // The module's own words, fit for a message: "ERR CODE:0x010a6021, ERROR".
  std::string words() const;
};

class Exchange {
 public:
  enum class State {
    waiting,    // for more events
    prompted,   // the data is due: send it, then call data_sent()
    answered,   // there is a result; after a busy another one may follow
    restarted,  // the module has started anew
  };

  explicit Exchange(const Command& command);

  State take(Event event);
  void data_sent();

  bool busy() const { return busy_; }          // busy p... came
  bool accepted() const { return accepted_; }  // the OK before a prompt came
  bool data_taken() const { return data_taken_; }
  bool heard() const { return heard_; }  // anything came at all
  // What came and had no result yet.
  const Reply& unfinished() const { return current_; }

  bool answered() const { return !replies_.empty(); }  // with a result, of this command or of one before

  // The reply to this command, once there is a result. `earlier`: a command from before may have been running; then a
  // single result after a busy is that one's, unless it is in this command's words.
  bool has_reply(bool earlier) const;
  std::optional<Reply> reply(bool earlier);

  // The module has proven to be idle: without a reply by now, it dropped the line.
  void drop() { dropped_ = true; }
  bool dropped() const { return dropped_; }

 private:
  State take_line(OutsideText text);
  State end(bool ok);
  bool fits(const Reply& reply) const;
  std::size_t place(bool earlier) const;

  std::string name_;  // how the lines of the reply begin, when they do: "+CIPSNTPTIME:"
  bool data_due_;
  bool publish_;
  bool busy_ = false;
  bool accepted_ = false;
  bool data_taken_ = false;
  bool heard_ = false;
  bool dropped_ = false;
  Reply current_;
  std::vector<Reply> replies_;
};

}  // namespace atcert::at
