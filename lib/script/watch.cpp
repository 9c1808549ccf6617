// SPDX-License-Identifier: Apache-2.0
#include "script/watch.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/plural.hpp"
#include "script/module_time.hpp"

namespace atcert::script {
namespace {

constexpr std::size_t kMostLines = 200;  // kept as evidence; a module that repeats itself says nothing new

// The name of the time that a pattern captures.
std::string_view time_name(const Pattern& pattern) {
  for (const PatternPart& part : pattern.parts) {
    if (part.kind == PatternPart::Kind::hole && part.hole == Hole::time && !part.text.empty()) return part.text;
  }
  return {};
}

}  // namespace

Watch::Watch(const Step& step, Scope scope) : step_(step), scope_(scope) {
  begin();
}

void Watch::begin() {
  awaited_.clear();
  captured_.clear();
  lines_.clear();
  ending_line_.reset();
  for (const Expectation& expectation : step_.expect) {
    awaited_.push_back({&expectation, expectation.payload ? render(*expectation.payload, scope_) : "", "", false});
  }
}

void Watch::see(const at::Event& event) {
  if (const auto* line = std::get_if<at::Line>(&event)) see_line(line->text);
  if (const auto* message = std::get_if<at::Counted>(&event)) see_message(*message);
}

// A line that is expected does not end the wait, whatever `fails_on` says: so that can name the lines that would be of
// the same kind and say something else.
void Watch::see_line(const OutsideText& line) {
  if (lines_.size() < kMostLines) lines_.push_back(line);
  bool expected = false;
  for (Awaited& awaited : awaited_) {
    if (awaited.expectation->payload) continue;
    Captures captured;
    if (!matches(*awaited.expectation, line, captured)) continue;
    expected = true;
    if (awaited.met) continue;
    awaited.met = true;
    captured_.merge(captured);
    return;
  }
  Captures ignored;
  const bool ends = std::any_of(step_.fails_on.begin(), step_.fails_on.end(),
                                [&](const Pattern& pattern) { return match(pattern, line, scope_, ignored); });
  if (ends && !expected && !ended()) ending_line_ = line;
}

bool Watch::matches(const Expectation& expectation, const OutsideText& line, Captures& captured) const {
  if (match(expectation.line, line, scope_, captured)) return true;
  return std::any_of(expectation.others.begin(), expectation.others.end(),
                     [&](const Pattern& other) { return match(other, line, scope_, captured); });
}

void Watch::see_message(const at::Counted& message) {
  for (Awaited& awaited : awaited_) {
    if (awaited.met || !awaited.expectation->payload) continue;
    Captures captured;
    if (!match(awaited.expectation->line, message.head, scope_, captured)) continue;
    awaited.met = take_piece(awaited, message.value.reveal_text());
    if (!awaited.met) continue;
    captured_.merge(captured);
    return;
  }
}

// A long message comes in pieces that nothing marks as such. Other messages (retained ones, ones sent twice) may stand
// between: what does not go on from the pieces so far starts anew.
bool Watch::take_piece(Awaited& awaited, std::string_view piece) {
  const std::string_view whole = awaited.payload;
  if (!whole.substr(awaited.received.size()).starts_with(piece)) awaited.received.clear();
  if (!whole.substr(awaited.received.size()).starts_with(piece)) return false;
  awaited.received += piece;
  return awaited.received.size() == whole.size();
}

bool Watch::all_met() const {
  return std::all_of(awaited_.begin(), awaited_.end(),
                     [](const Awaited& awaited) { return awaited.met || awaited.expectation->optional; });
}

std::string Watch::shortfall() const {
  if (ending_line_) return fmt::format("the module said \"{}\"", ending_line_->shown());
  for (const Awaited& awaited : awaited_) {
    if (awaited.met || awaited.expectation->optional) continue;
    if (!awaited.expectation->payload) return fmt::format("\"{}\" did not come", awaited.expectation->line.source);
    return fmt::format("the message of {} did not come{}", counted(awaited.payload.size(), "byte"),
                       awaited.received.empty() ? "" : fmt::format(" whole, only {} of them", awaited.received.size()));
  }
  return {};
}

std::optional<std::string> Watch::wrong_time(WallTime now) const {
  for (const Awaited& awaited : awaited_) {
    if (!awaited.met || !awaited.expectation->within) continue;
    const auto captured = captured_.find(time_name(awaited.expectation->line));
    if (captured == captured_.end()) continue;
    const auto time = parse_module_time(captured->second);
    const std::chrono::seconds tolerance(value_of(*awaited.expectation->within, scope_));
    if (time && std::chrono::abs(*time - now) <= tolerance) continue;
    return fmt::format("the module's clock says {}, this machine's {}", captured->second, format_time(now));
  }
  return std::nullopt;
}

}  // namespace atcert::script
