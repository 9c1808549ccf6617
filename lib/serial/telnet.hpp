// SPDX-License-Identifier: Apache-2.0
// Telnet (RFC 854, RFC 855) as far as a serial port behind it needs it: escaped bytes, the negotiation of options, and
// sub-negotiations. Pure and incremental: any split of the same bytes gives the same data and commands.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <variant>

#include "base/bytes.hpp"

namespace atcert::serial::telnet {

inline constexpr std::uint8_t kEscape = 255;  // IAC; doubled where it is data

enum class Verb : std::uint8_t { will = 251, wont = 252, please = 253, dont = 254 };  // `please` is DO

// Options: RFC 856, RFC 858, RFC 2217.
inline constexpr std::uint8_t kBinary = 0;
inline constexpr std::uint8_t kSuppressGoAhead = 3;
inline constexpr std::uint8_t kComPort = 44;

struct Negotiation {
  Verb verb = Verb::wont;
  std::uint8_t option = 0;

  bool operator==(const Negotiation&) const = default;
};

struct Subnegotiation {
  std::uint8_t option = 0;
  Bytes value;  // without its escapes; cut at kMaxSubnegotiation

  bool operator==(const Subnegotiation&) const = default;
};

using Command = std::variant<Negotiation, Subnegotiation>;

inline constexpr std::size_t kMaxSubnegotiation = 256;

Bytes encode(const Negotiation& negotiation);
Bytes encode(const Subnegotiation& subnegotiation);

class Decoder {
 public:
  // Takes what has come in, moves the data in it to the front of `bytes` and returns how many bytes of it there are. In
  // place, since what comes may be a key that is read back.
  std::size_t decode(std::span<std::uint8_t> bytes);

  // What else was in it, in order.
  std::optional<Command> next();

 private:
  enum class State { data, escape, option, sub_option, sub_value, sub_escape };

  void take(std::uint8_t byte);
  void take_escaped(std::uint8_t byte);
  void add(std::uint8_t byte);
  void end_subnegotiation();

  State state_ = State::data;
  Verb verb_ = Verb::wont;
  Subnegotiation current_;
  std::deque<Command> commands_;
};

// Which options are in force on both sides. Those that are wanted are asked for and agreed to, others are refused; what
// is in force already is not answered, so that two sides never answer each other for ever (RFC 854).
class Options {
 public:
  // To be sent first: asks for binary data without go-ahead both ways, and offers RFC 2217.
  Bytes ask();
  // What to answer, if anything.
  std::optional<Negotiation> answer(const Negotiation& heard);

  // Whether we may, and whether it was refused.
  bool ours(std::uint8_t option) const { return state(ours_, option) == State::on; }
  bool refused(std::uint8_t option) const { return state(ours_, option) == State::refused; }

 private:
  enum class State { off, asked, on, refused };
  using States = std::map<std::uint8_t, State>;

  static State state(const States& states, std::uint8_t option);

  States ours_;
  States theirs_;
};

}  // namespace atcert::serial::telnet
