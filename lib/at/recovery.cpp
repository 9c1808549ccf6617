// SPDX-License-Identifier: Apache-2.0
// Session::rouse(): from an unknown state to the command prompt. A module may be in the middle of a command, in
// passthrough mode (left by +++ between two silences of a second, "AT+CIPMODE"), or in a data phase that was broken
// off, which has no time limit in the firmware and swallows everything until its count is full.
#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "at/line_kind.hpp"
#include "at/session.hpp"
#include "at/session_errors.hpp"

namespace atcert::at {
namespace {

// The first AT may only end a line that was left unfinished. The wait for the second one's answer is the silence before
// the escape.
constexpr Milliseconds kFirst{500};
constexpr Milliseconds kGuardTime{1100};
constexpr Milliseconds kAnswer{300};
constexpr Milliseconds kMargin{100};
constexpr Milliseconds kBusyLimit{20'000};

// The largest data phase that atcert begins is below 8 KiB, which take 0.7 s at 115200 baud. Line ends are filler that
// cannot become a command.
constexpr std::size_t kFillerLimit = 8192;
constexpr std::size_t kFillerPiece = 256;
constexpr Milliseconds kFillerPause{5};
constexpr Milliseconds kAfterFiller{200};

bool is_result(const Event& event) {
  const auto* line = std::get_if<Line>(&event);
  if (line == nullptr) return false;
  const LineKind kind = kind_of(line->text.raw());
  return kind == LineKind::ok || kind == LineKind::error || kind == LineKind::published ||
         kind == LineKind::publish_failed;
}

}  // namespace

Result<void> Session::synchronise() {
  const bool spoke = spoke_at_;
  const std::string last = pump_.in_flight();
  ATCERT_TRY(const Carries, carries, rouse());
  if (carries == Carries::at) return {};
  if (carries == Carries::nothing && spoke) return silent_error(last, pump_.transport().name());
  return no_module_error(carries, pump_.transport().name());
}

Result<Carries> Session::rouse() {
  const Traffic before = pump_.traffic();
  heard_ = Heard();
  const auto listening = listen([&](const Event& event) { heard_.take(event); });
  const SteadyTime begin = clock_->now();
  const Limit whole = limit(begin + kRouseLimit);
  for (const auto attempt : {&Session::answers_first, &Session::answers_at_last, &Session::answers_after_escape,
                             &Session::answers_after_filler}) {
    ATCERT_TRY(const bool, answered, (this->*attempt)(whole));
    if (answered && attempt == &Session::answers_at_last) expect_first_answer(begin);
    if (answered) return Carries::at;
  }
  return verdict(before);
}

// The answer that came may be the first AT's, so that the other's is still to come, as long after it.
void Session::expect_first_answer(SteadyTime begin) {
  const SteadyTime now = clock_->now();
  const auto late = std::chrono::duration_cast<Milliseconds>(now - begin) + kMargin;
  outstanding_.owe_perhaps("AT", now + std::clamp(late, kAnswer, kGuardTime));
}

Result<Carries> Session::greet(Milliseconds patience) {
  const Traffic before = pump_.traffic();
  heard_ = Heard();
  const auto listening = listen([&](const Event& event) { heard_.take(event); });
  ATCERT_TRY(const bool, answered, answers(patience, limit(clock_->now() + patience)));
  return answered ? Carries::at : verdict(before);
}

Carries Session::verdict(const Traffic& before) const {
  const Traffic& now = pump_.traffic();
  return heard_.verdict(now.bytes - before.bytes, now.foreign - before.foreign);
}

// A module that is busy is waited for beyond `limit`.
Result<bool> Session::answers(Milliseconds patience, const Limit& limit) {
  ATCERT_CHECK(pump_.quiet(Milliseconds(0), limit));
  ATCERT_TRY(const Probe, found, probe(limit, patience, Milliseconds(0)));
  if (found.sign == Probe::Sign::idle) outstanding_.clear();
  spoke_at_ = spoke_at_ || found.ok;
  if (found.sign != Probe::Sign::running) return found.sign == Probe::Sign::idle && found.ok;
  if (!outstanding_.owed()) outstanding_.owe("a command from before", clock_->now() + kBusyLimit);
  ATCERT_CHECK(settle({}, this->limit(clock_->now() + kBusyLimit)));
  return true;
}

Result<bool> Session::answers_first(const Limit& limit) {
  return answers(kFirst, limit);
}

Result<bool> Session::answers_at_last(const Limit& limit) {
  const SteadyTime end = clock_->now() + kGuardTime;
  ATCERT_TRY(const bool, answered, answers(kGuardTime, limit));
  if (!answered) ATCERT_CHECK(stay_silent(end));
  return answered;
}

// The module may speak meanwhile: the peer of a passthrough does.
Result<void> Session::stay_silent(SteadyTime end) {
  ATCERT_CHECK(wait(end, [] { return false; }));
  return {};
}

Result<bool> Session::answers_after_escape(const Limit& limit) {
  ATCERT_CHECK(pump_.send_raw("+++", "+++"));
  ATCERT_CHECK(stay_silent(clock_->now() + kGuardTime));
  return answers(kAnswer, limit);
}

Result<bool> Session::answers_after_filler(const Limit& limit) {
  std::string filler;
  while (filler.size() < kFillerPiece) filler += "\r\n";
  bool result = false;
  const auto listening = listen([&](const Event& event) { result = result || is_result(event); });
  const SteadyTime end = limit.deadline - kAfterFiller - kAnswer;
  for (std::size_t sent = 0; sent < kFillerLimit && !result && clock_->now() < end; sent += filler.size()) {
    ATCERT_CHECK(pump_.send_raw(filler, fmt::format("<{} bytes of filler>", filler.size())));
    ATCERT_CHECK(wait(clock_->now() + kFillerPause, [&] { return result; }));
  }
  ATCERT_CHECK(pump_.quiet(kAfterFiller, limit));
  ATCERT_TRY(const bool, answered, answers(kAnswer, limit));
  return answered ? answered : answers(kAnswer, limit);
}

}  // namespace atcert::at
