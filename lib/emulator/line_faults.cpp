// SPDX-License-Identifier: Apache-2.0
#include "emulator/line_faults.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace atcert::emulator {
namespace {

// Before and behind "+++" (ESP-AT, TCP/IP AT Commands).
constexpr Milliseconds kEscapeGuard{20};
constexpr std::string_view kEscape = "+++";

}  // namespace

LineFaults::LineFaults(FaultSet& faults, const Clock& clock)
    : faults_(faults), clock_(clock), passthrough_(faults.has(Fault::passthrough)) {}

Bytes LineFaults::incoming(ByteView chunk) {
  if (faults_.has(Fault::echo_only)) own_words_.insert(own_words_.end(), chunk.begin(), chunk.end());
  if (faults_.has(Fault::ok_to_all)) {
    for (const std::uint8_t byte : chunk) {
      if (byte != '\n') continue;
      const ByteView answer = as_bytes("\r\nOK\r\n");
      own_words_.insert(own_words_.end(), answer.begin(), answer.end());
    }
  }
  if (passthrough_) watch_for_escape(chunk);
  if (deaf()) return {};
  const std::size_t lost = std::min(to_lose_, chunk.size());
  to_lose_ -= lost;
  Bytes heard = to_bytes(chunk.subspan(lost));
  disturb(heard, incoming_chance_);
  return heard;
}

Bytes LineFaults::outgoing(Bytes said) {
  if (faults_.has(Fault::silent)) return {};
  if (faults_.has(Fault::echo_only) || faults_.has(Fault::ok_to_all)) return std::exchange(own_words_, {});
  if (faults_.has(Fault::stray_bytes) && !said.empty()) {
    said.insert(said.begin(), stray_is_zero_ ? 0x00 : 0xFF);
    stray_is_zero_ = !stray_is_zero_;
  }
  disturb(said, outgoing_chance_);
  return said;
}

void LineFaults::rate_changed() {
  to_lose_ = static_cast<std::size_t>(faults_.argument(Fault::lost_after_baud));
}

bool LineFaults::deaf() const {
  return passthrough_ || faults_.has(Fault::silent) || faults_.has(Fault::echo_only) || faults_.has(Fault::ok_to_all) ||
         faults_.has(Fault::log_port) || faults_.over(Fault::silent_after);
}

// Passthrough mode sends on what comes, and ends with "+++" alone between two pauses.
void LineFaults::watch_for_escape(ByteView chunk) {
  const SteadyTime now = clock_.now();
  const bool rested = now - last_byte_ >= kEscapeGuard;
  last_byte_ = now;
  escape_at_.reset();
  if (rested) escape_.clear();
  escape_.insert(escape_.end(), chunk.begin(), chunk.end());
  if (escape_.size() > kEscape.size()) escape_.resize(kEscape.size() + 1);
  if (as_text(escape_) == kEscape) escape_at_ = now + kEscapeGuard;
}

void LineFaults::advance() {
  if (!escape_at_ || *escape_at_ > clock_.now()) return;
  escape_at_.reset();
  passthrough_ = false;
}

// The same bytes are changed in every run (a linear congruential generator with the numbers of POSIX's rand()).
void LineFaults::disturb(Bytes& bytes, std::uint32_t& chance) const {
  if (!faults_.has(Fault::noise)) return;
  for (std::uint8_t& byte : bytes) {
    chance = chance * 1'103'515'245U + 12'345U;
    const std::uint32_t draw = chance >> 16;
    if (draw % 1000 < static_cast<std::uint32_t>(faults_.argument(Fault::noise))) byte ^= 1U << (draw / 1000 % 8);
  }
}

}  // namespace atcert::emulator
