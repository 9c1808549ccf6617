// SPDX-License-Identifier: Apache-2.0
#include "at/framer.hpp"

#include <algorithm>
#include <utility>

#include "at/counted_head.hpp"
#include "at/line_kind.hpp"

namespace atcert::at {
namespace {

// "AT" is too short to be told from the start of other lines ("AT version:...").
constexpr std::size_t kShortCommand = 2;

std::string_view trim(std::string_view line) {
  const std::size_t begin = line.find_first_not_of('\r');
  if (begin == line.npos) return {};
  return line.substr(begin, line.find_last_not_of('\r') + 1 - begin);
}

// A line begins with ASCII, so what stands before it is none of it: the 0x00 and 0xFF of a line that was off or is
// switched on, and the bytes of a disturbed one. The colours of a log begin with an escape.
bool begins_no_line(std::uint8_t byte) {
  constexpr std::uint8_t kEscape = 0x1b;
  constexpr std::uint8_t kDelete = 0x7f;
  return (byte < ' ' && byte != '\t' && byte != '\r' && byte != kEscape) || byte >= kDelete;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == line.npos;
}

}  // namespace

void Framer::expect(const Secret& command, bool prompt) {
  echo_ = command.clone();
  prompt_ = prompt;
}

void Framer::feed(ByteView bytes) {
  pending_.append(bytes);
}

std::optional<Event> Framer::next() {
  while (at_ < pending_.size()) {
    const std::uint8_t byte = pending_.reveal()[at_];
    if (echo_ends_before(byte)) return take_echo();
    ++at_;
    if (auto event = take(byte)) return event;
  }
  pending_.shrink(0);
  at_ = 0;
  return std::nullopt;
}

void Framer::reset() {
  *this = Framer(*door_);
}

std::optional<Event> Framer::take(std::uint8_t byte) {
  if (left_ == 0 && byte != '"' && may_go_on(line_.reveal_text())) {
    if (auto size = counted_size(line_.reveal_text())) {
      --at_;  // the byte is looked at again, as the first of the payload or after an empty one
      return begin_counted(*size);
    }
  }
  if (left_ > 0) {
    counted_.value.append(ByteView(&byte, 1));
    return --left_ == 0 ? std::optional<Event>(std::exchange(counted_, {})) : std::nullopt;
  }
  if (byte == '\n') return end_line();
  if (byte == 0 || overlong_ || (trim(line_.reveal_text()).empty() && begins_no_line(byte))) return std::nullopt;
  if (byte == '>' && prompt_ && is_blank(line_.reveal_text())) {
    prompt_ = false;
    line_.shrink(0);
    return Prompt{};
  }
  line_.append(ByteView(&byte, 1));
  overlong_ = line_.size() == kMaxLine;
  if (auto event = split_line()) return event;
  if ((byte != ',' && byte != ':') || may_go_on(line_.reveal_text())) return std::nullopt;
  const auto size = counted_size(line_.reveal_text());
  return size ? begin_counted(*size) : std::nullopt;
}

std::optional<Event> Framer::begin_counted(std::size_t size) {
  counted_.head = door_->admit(line_.reveal_text());
  counted_.value = Secret();
  line_.shrink(0);
  overlong_ = false;
  left_ = size;
  return size == 0 ? std::optional<Event>(std::exchange(counted_, {})) : std::nullopt;
}

std::optional<Event> Framer::end_line() {
  const std::string_view text = trim(line_.reveal_text());
  const std::string_view echo = echo_.reveal_text();
  const bool echoed = !echo.empty() && (text == echo || (echo.size() > kShortCommand && text.ends_with(echo)));
  if (echoed) return take_echo();
  std::optional<Event> event;
  if (!is_blank(text)) event = Line{door_->admit(text)};
  line_.shrink(0);
  overlong_ = false;
  return event;
}

std::optional<Event> Framer::split_line() {
  const std::string_view text = line_.reveal_text();
  const auto place = glued_at(text);
  if (!place) return std::nullopt;
  Event event = Line{door_->admit(text.substr(0, *place))};
  line_ = Secret(text.substr(*place));
  overlong_ = false;
  return event;
}

// Old firmware glues an unsolicited line to the echo: "AT+CIPCLOSE=0+LINK_CONN:...".
bool Framer::echo_ends_before(std::uint8_t byte) const {
  return left_ == 0 && echo_.size() > kShortCommand && line_.size() == echo_.size() && byte != '\r' && byte != '\n' &&
         line_ == echo_;
}

Event Framer::take_echo() {
  echo_ = Secret();
  line_.shrink(0);
  overlong_ = false;
  return Echo{};
}

}  // namespace atcert::at
