// SPDX-License-Identifier: Apache-2.0
#include "at/line_pump.hpp"

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

constexpr std::chrono::seconds kTurn{1};
constexpr Milliseconds kWriteLimit{5'000};
// The slowest line: 4800 baud carry a byte in 2 ms.
constexpr Milliseconds kSlowestByte{2};
// The module's receive buffer (UART_RX_BUFFER of esp-at's main/interface/include/at_uart.h). The transport returns when
// a piece has left the host, which leaves the module the time to empty its buffer.
constexpr std::size_t kPiece = 1024;

// AT firmware sends text: line ends, and at most the colours of a log.
bool is_foreign(std::uint8_t byte) {
  constexpr std::uint8_t kEscape = 0x1b;
  constexpr std::uint8_t kDelete = 0x7f;
  if (byte < ' ') return byte != '\r' && byte != '\n' && byte != '\t' && byte != kEscape;
  return byte >= kDelete;
}

}  // namespace

LinePump::LinePump(serial::Transport& transport, const Clock& clock, DialogueLog* log, std::function<void()> turn)
    : transport_(&transport), clock_(&clock), log_(log), turn_(std::move(turn)) {}

std::shared_ptr<void> LinePump::listen(Listener listener) {
  auto handle = std::make_shared<Listener>(std::move(listener));
  listeners_.push_back(handle);
  return handle;
}

Result<void> LinePump::send(const CommandLine& line, bool prompt) {
  for (const Secret& secret : line.secrets()) door_.hide(secret);
  in_flight_ = line.shown();
  log(DialogueEntry::Direction::sent, printable(in_flight_));
  framer_.expect(line.wire(), prompt);
  Secret bytes = line.wire().clone();
  bytes.append("\r\n");
  return transport_->write(bytes.reveal(), clock_->now() + kWriteLimit);
}

Result<void> LinePump::send_data(ByteView data) {
  log(DialogueEntry::Direction::sent, fmt::format("<{}>", atcert::counted(data.size(), "byte")));
  while (!data.empty()) {
    const ByteView piece = data.first(std::min(kPiece, data.size()));
    ATCERT_CHECK(transport_->write(piece, clock_->now() + kWriteLimit + kSlowestByte * piece.size()));
    data = data.subspan(piece.size());
  }
  return {};
}

Result<void> LinePump::send_raw(std::string_view bytes, std::string shown) {
  log(DialogueEntry::Direction::sent, std::move(shown));
  return transport_->write(as_bytes(bytes), clock_->now() + kWriteLimit);
}

Result<void> LinePump::quiet(Milliseconds silence, const Limit& limit) {
  for (;;) {
    while (const auto event = framer_.next()) observe(*event);
    const Milliseconds gap = transport_->traits().line_gap;
    const Milliseconds patience = framer_.mid_line() ? std::max(silence, gap) : silence;
    ATCERT_TRY(const std::size_t, count, read_some(Limit{clock_->now() + patience, limit.stop, limit.ends}));
    if (count == 0 || clock_->now() >= limit.deadline) return {};
  }
}

Result<std::optional<Event>> LinePump::next(const Limit& limit) {
  for (;;) {
    if (auto event = framer_.next()) {
      observe(*event);
      return event;
    }
    ATCERT_TRY(const std::size_t, count, read_some(limit));
    if (count == 0) return std::optional<Event>();
  }
}

Result<std::size_t> LinePump::read_some(const Limit& limit) {
  for (;;) {
    const bool stopped = limit.stop != nullptr && limit.stop->requested();
    if (stopped && limit.ends) return interrupted_error(in_flight_);
    turn_();
    const SteadyTime end = std::min(limit.deadline, clock_->now() + kTurn);
    // A stop request that has been noticed must not end the waits of the clean-up.
    const bool wakes = limit.stop != nullptr && !stopped;
    std::array<std::uint8_t, 1024> buffer;
    ATCERT_TRY(const std::size_t, count,
               transport_->read(buffer, wakes ? serial::Until(end, limit.stop->wake()) : serial::Until(end)));
    if (count > 0) {
      this->count(ByteView(buffer).first(count));
      framer_.feed(ByteView(buffer).first(count));
      OPENSSL_cleanse(buffer.data(), count);  // it may be a key that is read back
      return count;
    }
    if (clock_->now() >= limit.deadline) return std::size_t{0};
  }
}

void LinePump::count(ByteView bytes) {
  traffic_.bytes += bytes.size();
  traffic_.last = clock_->now();
  traffic_.foreign += static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), is_foreign));
}

void LinePump::observe(const Event& event) {
  const auto received = DialogueEntry::Direction::received;
  if (std::holds_alternative<Echo>(event)) log(received, printable(in_flight_));
  if (std::holds_alternative<Prompt>(event)) log(received, ">");
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

void LinePump::log(DialogueEntry::Direction direction, std::string text) {
  if (log_ != nullptr) log_->add({clock_->wall(), direction, std::move(text)});
}

}  // namespace atcert::at
