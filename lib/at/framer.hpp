// SPDX-License-Identifier: Apache-2.0
// Turns the bytes of an AT port into lines, prompts and counted payloads. Pure and incremental: any split of the same
// bytes gives the same events. What passes through may be secret (an echoed password, a key that is read back), so the
// framer keeps it in Secrets only, and lines leave it as OutsideText.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "base/bytes.hpp"
#include "base/outside.hpp"
#include "base/redactor.hpp"
#include "base/secret.hpp"

namespace atcert::at {

// The firmware's longest line is well below; longer ones are cut, the rest up to the line end is dropped.
inline constexpr std::size_t kMaxLine = 4096;

// A line without its line end and without NULs; blank lines are not reported.
struct Line {
  OutsideText text;
};

// The `>` after which the module takes data.
struct Prompt {};

// A line whose value is length-prefixed raw bytes, which may hold line ends: +MQTTSUBRECV, +SYSFLASH, +SYSMFG,
// +CIPRECVDATA, +IPD (counted_head.hpp). The value may be a private key that is read back.
struct Counted {
  OutsideText head;  // up to and including the comma before the value: "+SYSFLASH:1200,"
  Secret value;
};

// The echo of the command that was sent. Its text is not repeated: it may hold a password.
struct Echo {};

using Event = std::variant<Line, Prompt, Counted, Echo>;

class Framer {
 public:
  // `door` knows what must not be shown, and outlives the framer.
  explicit Framer(Redactor& door) : door_(&door) {}

  // Call before the bytes of the reply are fed: what the echo will look like, and whether a `>` at the start of a line
  // is a prompt.
  void expect(const Secret& command, bool prompt);

  void feed(ByteView bytes);
  // The next event in what was fed; nothing when more bytes are needed.
  std::optional<Event> next();

  // Drops whatever is incomplete, and what was expected.
  void reset();

  bool mid_line() const { return !line_.empty() || left_ > 0; }
  // How many bytes of a counted payload have not come yet.
  std::size_t missing() const { return left_; }

 private:
  std::optional<Event> take(std::uint8_t byte);
  std::optional<Event> begin_counted(std::size_t size);
  std::optional<Event> end_line();
  std::optional<Event> split_line();
  bool echo_ends_before(std::uint8_t byte) const;
  Event take_echo();

  Redactor* door_;
  Secret pending_;  // fed, and taken up to at_
  std::size_t at_ = 0;
  Secret line_;
  bool overlong_ = false;
  Counted counted_;
  std::size_t left_ = 0;
  Secret echo_;
  bool prompt_ = false;
};

}  // namespace atcert::at
