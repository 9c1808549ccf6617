// SPDX-License-Identifier: Apache-2.0
#include "serial/telnet.hpp"

#include <utility>

namespace atcert::serial::telnet {
namespace {

constexpr std::uint8_t kBegin = 250;  // SB
constexpr std::uint8_t kEnd = 240;    // SE

bool is_verb(std::uint8_t byte) {
  return byte >= static_cast<std::uint8_t>(Verb::will) && byte <= static_cast<std::uint8_t>(Verb::dont);
}

bool is_wanted(std::uint8_t option) {
  return option == kBinary || option == kSuppressGoAhead || option == kComPort;
}

}  // namespace

Bytes encode(const Negotiation& negotiation) {
  return {kEscape, static_cast<std::uint8_t>(negotiation.verb), negotiation.option};
}

Bytes encode(const Subnegotiation& subnegotiation) {
  Bytes bytes{kEscape, kBegin, subnegotiation.option};
  for (const std::uint8_t byte : subnegotiation.value) {
    bytes.push_back(byte);
    if (byte == kEscape) bytes.push_back(kEscape);
  }
  bytes.push_back(kEscape);
  bytes.push_back(kEnd);
  return bytes;
}

std::size_t Decoder::decode(std::span<std::uint8_t> bytes) {
  std::size_t size = 0;
  for (const std::uint8_t byte : bytes) {
    const bool data = state_ == State::data ? byte != kEscape : state_ == State::escape && byte == kEscape;
    if (data) {
      bytes[size++] = byte;
      state_ = State::data;
    } else {
      take(byte);
    }
  }
  return size;
}

std::optional<Command> Decoder::next() {
  if (commands_.empty()) return std::nullopt;
  Command command = std::move(commands_.front());
  commands_.pop_front();
  return command;
}

void Decoder::take(std::uint8_t byte) {
  switch (state_) {
    case State::data:
      state_ = State::escape;
      break;
    case State::escape:
      take_escaped(byte);
      break;
    case State::option:
      commands_.emplace_back(Negotiation{verb_, byte});
      state_ = State::data;
      break;
    case State::sub_option:
      current_ = {byte, {}};
      state_ = State::sub_value;
      break;
    case State::sub_value:
      if (byte == kEscape) {
        state_ = State::sub_escape;
      } else {
        add(byte);
      }
      break;
    case State::sub_escape:
      if (byte == kEscape) {
        add(byte);
        state_ = State::sub_value;
      } else {
        end_subnegotiation();
        // A sub-negotiation that was not ended before the next command ends with it.
        if (byte != kEnd) take_escaped(byte);
      }
      break;
  }
}

// Of the commands without an option none says anything about a serial port.
void Decoder::take_escaped(std::uint8_t byte) {
  state_ = State::data;
  if (byte == kBegin) state_ = State::sub_option;
  if (!is_verb(byte)) return;
  verb_ = static_cast<Verb>(byte);
  state_ = State::option;
}

void Decoder::add(std::uint8_t byte) {
  if (current_.value.size() < kMaxSubnegotiation) current_.value.push_back(byte);
}

void Decoder::end_subnegotiation() {
  commands_.emplace_back(std::exchange(current_, {}));
  state_ = State::data;
}

Bytes Options::ask() {
  Bytes bytes;
  const auto add = [&bytes](States& states, Verb verb, std::uint8_t option) {
    states[option] = State::asked;
    const Bytes each = encode(Negotiation{verb, option});
    bytes.insert(bytes.end(), each.begin(), each.end());
  };
  for (const std::uint8_t option : {kBinary, kSuppressGoAhead}) {
    add(ours_, Verb::will, option);
    add(theirs_, Verb::please, option);
  }
  add(ours_, Verb::will, kComPort);
  return bytes;
}

std::optional<Negotiation> Options::answer(const Negotiation& heard) {
  const bool about_us = heard.verb == Verb::please || heard.verb == Verb::dont;
  const bool wants = heard.verb == Verb::please || heard.verb == Verb::will;
  const Verb yes = about_us ? Verb::will : Verb::please;
  const Verb no = about_us ? Verb::wont : Verb::dont;
  States& states = about_us ? ours_ : theirs_;
  const State before = state(states, heard.option);
  if (wants && !is_wanted(heard.option)) return Negotiation{no, heard.option};
  if (wants) {
    states[heard.option] = State::on;
    return before == State::asked || before == State::on ? std::nullopt : std::optional(Negotiation{yes, heard.option});
  }
  states[heard.option] = State::refused;
  return before == State::on ? std::optional(Negotiation{no, heard.option}) : std::nullopt;
}

Options::State Options::state(const States& states, std::uint8_t option) {
  const auto found = states.find(option);
  return found == states.end() ? State::off : found->second;
}

}  // namespace atcert::serial::telnet
