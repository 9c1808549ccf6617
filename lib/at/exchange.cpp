// SPDX-License-Identifier: Apache-2.0
#include "at/exchange.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "at/line_kind.hpp"

namespace atcert::at {
namespace {

// "previous command still running": comes before busy p... and belongs to it.
constexpr std::uint32_t kBusyCode = 0x010b0000;

// How lines of the reply to `command` begin: "AT+CIPSNTPTIME?" is answered by "+CIPSNTPTIME:", AT+GMR has its own form.
std::string reply_prefix(std::string_view command) {
  if (command == "AT+GMR") return "AT version:";
  if (!command.starts_with("AT+")) return {};
  return std::string(command.substr(2, command.find_first_of("=?") - 2)) + ":";
}

}  // namespace

std::string Reply::words() const {
  std::string result;
  for (const std::uint32_t code : error_codes) result += fmt::format("ERR CODE:0x{:08x}, ", code);
  for (const OutsideText& line : lines) result += line.shown() + ", ";
  return result + (ok ? "OK" : "ERROR");
}

Exchange::Exchange(const Command& command)
    : name_(reply_prefix(command.line.shown())),
      data_due_(command.data.has_value()),
      publish_(command.ending == Command::Ending::publish) {}

Exchange::State Exchange::take(Event event) {
  heard_ = true;
  if (auto* line = std::get_if<Line>(&event)) return take_line(std::move(line->text));
  if (std::holds_alternative<Echo>(event)) current_.echoed = true;
  if (std::holds_alternative<Prompt>(event) && data_due_) {
    replies_.clear();  // a result before the prompt was another command's
    return State::prompted;
  }
  if (auto* counted = std::get_if<Counted>(&event); counted != nullptr && !is_unsolicited_head(counted->head.raw())) {
    current_.counted.push_back(std::move(*counted));
  }
  return replies_.empty() ? State::waiting : State::answered;
}

void Exchange::data_sent() {
  data_due_ = false;
  data_taken_ = true;
}

Exchange::State Exchange::take_line(OutsideText text) {
  switch (kind_of(text.raw())) {
    case LineKind::ok:
      if (!data_due_ && !publish_) return end(true);
      accepted_ = true;
      break;
    case LineKind::error:
      return end(false);
    case LineKind::published:
    case LineKind::publish_failed:
      if (publish_ && !data_due_) return end(text.raw() == "+MQTTPUB:OK");
      current_.lines.push_back(std::move(text));
      break;
    case LineKind::busy:
      busy_ = true;
      std::erase(current_.error_codes, kBusyCode);
      break;
    case LineKind::ready:
      return State::restarted;
    case LineKind::error_code:
      current_.error_codes.push_back(*error_code_of(text.raw()));
      break;
    case LineKind::restarting:
    case LineKind::unsolicited:
    case LineKind::other:
      current_.lines.push_back(std::move(text));
      break;
  }
  return replies_.empty() ? State::waiting : State::answered;
}

Exchange::State Exchange::end(bool ok) {
  current_.ok = ok;
  const bool echoed = current_.echoed;
  replies_.push_back(std::exchange(current_, {}));
  current_.echoed = echoed;
  return State::answered;
}

bool Exchange::fits(const Reply& reply) const {
  const auto begins = [&](const OutsideText& text) { return !name_.empty() && text.raw().starts_with(name_); };
  return std::any_of(reply.lines.begin(), reply.lines.end(), begins) ||
         std::any_of(reply.counted.begin(), reply.counted.end(),
                     [&](const Counted& counted) { return begins(counted.head); });
}

// In their order: one of an earlier command, ours, then those of whatever was sent to ask what became of it.
std::size_t Exchange::place(bool earlier) const {
  const auto ours = std::find_if(replies_.begin(), replies_.end(), [&](const Reply& reply) { return fits(reply); });
  if (ours != replies_.end()) return static_cast<std::size_t>(ours - replies_.begin());
  return busy_ && earlier && !data_taken_ ? 1 : 0;
}

bool Exchange::has_reply(bool earlier) const {
  return place(earlier) < replies_.size();
}

std::optional<Reply> Exchange::reply(bool earlier) {
  if (!has_reply(earlier)) return std::nullopt;
  return std::move(replies_[place(earlier)]);
}

}  // namespace atcert::at
