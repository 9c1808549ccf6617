// SPDX-License-Identifier: Apache-2.0
#include "at/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>
#include <openssl/crypto.h>

#include "at/line_kind.hpp"
#include "at/session_errors.hpp"
#include "base/plural.hpp"
#include "base/text.hpp"

namespace atcert::at {
namespace {

// Longer gaps do not occur inside a line.
constexpr Milliseconds kLineGap{30};
constexpr Milliseconds kDrainLimit{1000};
// The prompt comes before any work is done, so a module that does not give it is not waited for as long as for a
// result.
constexpr Milliseconds kPromptLimit{5'000};
// Of the time of a hurried clean-up: what is kept for trying whether the module takes commands after all.
constexpr Milliseconds kLastTry{2'000};
// After a busy: how long to wait for the result of a second command.
constexpr Milliseconds kSecondResult{300};
// After a busy the earlier command may run on for this long (a Wi-Fi join takes 15 s by default).
constexpr Milliseconds kEarlierLimit{20'000};
// What a command that has outrun its own deadline gets on top before the next one is sent.
constexpr Milliseconds kOverdue{5'000};
constexpr Milliseconds kWriteLimit{5'000};
// The slowest line: 4800 baud carry a byte in 2 ms.
constexpr Milliseconds kSlowestByte{2};
// The module's receive buffer (UART_RX_BUFFER of esp-at's main/interface/include/at_uart.h). The transport returns when
// a piece has left the host, which leaves the module the time to empty its buffer.
constexpr std::size_t kPiece = 1024;

bool is_result(const Event& event) {
  const auto* line = std::get_if<Line>(&event);
  if (line == nullptr) return false;
  const LineKind kind = kind_of(line->text.raw());
  return kind == LineKind::ok || kind == LineKind::error || kind == LineKind::ready;
}

}  // namespace

Session::Session(serial::Transport& transport, const Clock& clock, DialogueLog* log, std::stop_token stop)
    : transport_(&transport), clock_(&clock), log_(log), stop_(std::move(stop)), wake_on_stop_(stop_, [this] {
        wake_.raise();
      }) {}

std::shared_ptr<void> Session::listen(Listener listener) {
  auto handle = std::make_shared<Listener>(std::move(listener));
  listeners_.push_back(handle);
  return handle;
}

Result<void> Session::check_stop() const {
  return stop_.stop_requested() ? Result<void>(interrupted_error(in_flight_)) : Result<void>();
}

std::string Session::hurry() {
  if (latest_ == SteadyTime::max()) latest_ = clock_->now() + kCleanUpLimit;
  return earlier_ == Earlier::running ? in_flight_ : std::string();
}

// One within another has no stop request to keep.
Session::Uninterrupted::Uninterrupted(Session& session, std::function<void()> told)
    : session_(session), stop_(std::exchange(session.stop_, {})) {
  if (!stop_.stop_possible()) return;
  session.waiting_stop_ = stop_;
  session.told_ = std::move(told);
}

Session::Uninterrupted::~Uninterrupted() {
  if (!stop_.stop_possible()) return;
  session_.stop_ = std::move(stop_);
  session_.waiting_stop_ = {};
  session_.told_ = {};
}

void Session::tell_waiting_stop() {
  if (!told_ || !waiting_stop_.stop_requested()) return;
  std::exchange(told_, {})();
}

Result<Reply> Session::execute(const Command& command) {
  ATCERT_CHECK(command.line.check());
  if (stop_.stop_requested()) return interrupted_error(command.line.shown());
  ATCERT_CHECK(settle());
  if (clock_->now() >= latest_) return no_time_error(command.line.shown());
  ATCERT_CHECK(quiet(Milliseconds(0), kDrainLimit));
  framer_.reset();

  const SteadyTime begin = clock_->now();
  Exchange exchange(command);
  auto reply = converse(command, exchange);
  if (reply) reply->duration = std::chrono::duration_cast<Milliseconds>(clock_->now() - begin);
  return reply;
}

Result<bool> Session::wait(SteadyTime deadline, const std::function<bool()>& done) {
  for (;;) {
    if (done()) return true;
    ATCERT_TRY(const auto, event, next_event(deadline, true));
    if (!event) return done();
  }
}

// Once the line of a command with data is out nothing may stop us before the data is: the module takes what comes next
// as data, for ever.
Result<Reply> Session::converse(const Command& command, Exchange& exchange) {
  const bool stoppable = !command.data;
  ATCERT_CHECK(send(command));
  SteadyTime deadline = clock_->now() + (command.data ? std::min(command.timeout, kPromptLimit) : command.timeout);
  SteadyTime last_deadline = SteadyTime::max();
  for (;;) {
    auto event = next_event(command.data ? deadline : no_later(deadline), stoppable);
    if (!event) {
      abandon(std::min(command.timeout, kEarlierLimit));
      return std::move(event).error();
    }
    if (!*event) return conclude(command, exchange);
    const bool was_busy = exchange.busy();
    switch (exchange.take(std::move(**event))) {
      case Exchange::State::waiting:
        if (exchange.busy() && !was_busy) deadline = std::max(deadline, clock_->now() + kEarlierLimit);
        break;
      case Exchange::State::prompted:
        ATCERT_CHECK(send_data(*command.data));
        exchange.data_sent();
        deadline = clock_->now() + command.timeout;
        break;
      case Exchange::State::answered:
        if (!exchange.busy()) return conclude(command, exchange);
        last_deadline = std::min(last_deadline, clock_->now() + kEarlierLimit);
        deadline = std::min(last_deadline, clock_->now() + kSecondResult);
        break;
      case Exchange::State::restarted:
        earlier_ = Earlier::none;
        return restarted_error(command.line.shown());
    }
  }
}

// Makes the reply, or the Error for its lack.
Result<Reply> Session::conclude(const Command& command, Exchange& exchange) {
  const bool earlier = earlier_ != Earlier::none;
  if (auto reply = exchange.reply(earlier)) {
    earlier_ = Earlier::none;
    return std::move(*reply);
  }
  if (exchange.dropped()) {
    earlier_ = Earlier::none;
    return dropped_error(command.line.shown());
  }
  Error error = no_result_error(command, exchange, framer_.missing(), transport_->name());
  if (exchange.data_taken()) {
    ATCERT_CHECK(answers_after_filler());  // the module would swallow all that follows
  } else if (exchange.heard()) {
    abandon(kOverdue);
  }
  return error;
}

Result<void> Session::send(const Command& command) {
  for (const Secret& secret : command.line.secrets()) door_.hide(secret);
  in_flight_ = command.line.shown();
  log(DialogueEntry::Direction::sent, printable(in_flight_));
  framer_.expect(command.line.wire(), command.data.has_value());
  Secret bytes = command.line.wire().clone();
  bytes.append("\r\n");
  return transport_->write(bytes.reveal(), clock_->now() + kWriteLimit);
}

Result<void> Session::send_data(ByteView data) {
  log(DialogueEntry::Direction::sent, fmt::format("<{}>", atcert::counted(data.size(), "byte")));
  while (!data.empty()) {
    const ByteView piece = data.first(std::min(kPiece, data.size()));
    ATCERT_CHECK(transport_->write(piece, clock_->now() + kWriteLimit + kSlowestByte * piece.size()));
    data = data.subspan(piece.size());
  }
  return {};
}

// The command in flight may still run in the module; the next one waits for its end for at most `patience`.
void Session::abandon(Milliseconds patience) {
  earlier_ = Earlier::running;
  earlier_ends_ = clock_->now() + patience;
}

Result<void> Session::settle() {
  if (earlier_ != Earlier::running) return {};
  for (;;) {
    ATCERT_TRY(const auto, event, next_event(std::min(earlier_ends_, latest_ - kLastTry), true));
    if (event && !is_result(*event)) continue;
    earlier_ = event ? Earlier::none : Earlier::unknown;
    return {};
  }
}

// Reads until nothing has come for `silence` and no line is half there, at most until `limit` has passed.
Result<void> Session::quiet(Milliseconds silence, Milliseconds limit) {
  const SteadyTime end = clock_->now() + limit;
  for (;;) {
    while (const auto event = framer_.next()) observe(*event);
    const Milliseconds patience = framer_.mid_line() ? std::max(silence, kLineGap) : silence;
    ATCERT_TRY(const std::size_t, count, read_some(clock_->now() + patience, true));
    if (count == 0 || clock_->now() >= end) return {};
  }
}

Result<std::optional<Event>> Session::next_event(SteadyTime deadline, bool stoppable) {
  for (;;) {
    if (auto event = framer_.next()) {
      observe(*event);
      return event;
    }
    ATCERT_TRY(const std::size_t, count, read_some(deadline, stoppable));
    if (count == 0) return std::optional<Event>();
  }
}

Result<std::size_t> Session::read_some(SteadyTime deadline, bool stoppable) {
  for (;;) {
    if (stoppable) ATCERT_CHECK(check_stop());
    tell_waiting_stop();
    std::array<std::uint8_t, 1024> buffer;
    // A stop request that has been seen to must not end the waits of the clean-up.
    const bool concerned = (stoppable && stop_.stop_possible()) || told_;
    const serial::Until until = concerned ? serial::Until(deadline, wake_) : serial::Until(deadline);
    ATCERT_TRY(const std::size_t, count, transport_->read(buffer, until));
    if (count > 0) {
      framer_.feed(ByteView(buffer).first(count));
      OPENSSL_cleanse(buffer.data(), count);  // it may be a key that is read back
      return count;
    }
    if (clock_->now() >= deadline) return std::size_t{0};
  }
}

void Session::observe(const Event& event) {
  // Also outside of settle(), which would wait in vain for a result that a wait() has read.
  if (earlier_ == Earlier::running && is_result(event)) earlier_ = Earlier::none;
  const auto received = DialogueEntry::Direction::received;
  if (std::holds_alternative<Echo>(event)) return log(received, printable(in_flight_));
  if (std::holds_alternative<Prompt>(event)) return log(received, ">");
  if (const auto* line = std::get_if<Line>(&event)) log(received, line->text.shown());
  if (const auto* counted = std::get_if<Counted>(&event)) {
    const bool message = is_unsolicited_head(counted->head.raw());
    log(received,
        counted->head.shown() + (message ? door_.admit(counted->value.reveal_text()).shown()
                                         : fmt::format("<{}>", atcert::counted(counted->value.size(), "byte"))));
  }
  std::erase_if(listeners_, [](const auto& listener) { return listener.expired(); });
  const auto listeners = listeners_;  // a listener may add others
  for (const auto& weak : listeners) {
    if (const auto listener = weak.lock()) (*listener)(event);
  }
}

void Session::log(DialogueEntry::Direction direction, std::string text) {
  if (log_ != nullptr) log_->add({clock_->wall(), direction, std::move(text)});
}

}  // namespace atcert::at
