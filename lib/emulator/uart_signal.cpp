// SPDX-License-Identifier: Apache-2.0
#include "emulator/uart_signal.hpp"

#include <bit>
#include <vector>

namespace atcert::emulator {
namespace {

constexpr std::int32_t kOddParity = 1;
constexpr std::int32_t kTwoStopBits = 3;

std::vector<bool> levels_of(ByteView sent, const Uart& sender) {
  std::vector<bool> levels;
  for (const std::uint8_t byte : sent) {
    levels.push_back(false);  // the start bit
    const unsigned data = byte & ((1U << sender.data_bits) - 1);
    for (std::int32_t bit = 0; bit < sender.data_bits; ++bit) levels.push_back((data >> bit & 1) != 0);
    const bool odd = std::popcount(data) % 2 != 0;
    if (sender.parity != 0) levels.push_back(odd != (sender.parity == kOddParity));
    levels.push_back(true);
    if (sender.stop_bits == kTwoStopBits) levels.push_back(true);
  }
  return levels;
}

// The line in time. Its unit is such that a bit of the sender lasts as many as the receiver's rate, and the other way
// round: no fractions.
class Line {
 public:
  Line(std::vector<bool> levels, std::int64_t bit_time) : levels_(std::move(levels)), bit_time_(bit_time) {}

  std::int64_t end() const { return static_cast<std::int64_t>(levels_.size()) * bit_time_; }
  bool at(std::int64_t time) const {
    const auto bit = static_cast<std::size_t>(time / bit_time_);
    return bit >= levels_.size() || levels_[bit];
  }
  // When the line is next at `level`, from `time` on; end() if it never is.
  std::int64_t next(bool level, std::int64_t time) const {
    while (time < end() && at(time) != level) time = (time / bit_time_ + 1) * bit_time_;
    return time;
  }

 private:
  std::vector<bool> levels_;
  std::int64_t bit_time_;
};

}  // namespace

Bytes as_heard(ByteView sent, const Uart& sender, const Uart& receiver) {
  const Line line(levels_of(sent, sender), receiver.baud_rate);
  const std::int64_t bit_time = sender.baud_rate;
  const std::int64_t bits = receiver.data_bits + (receiver.parity != 0 ? 1 : 0);
  Bytes heard;
  std::int64_t time = line.next(false, 0);
  while (time < line.end()) {
    const auto sample = [&](std::int64_t bit) { return line.at(time + bit * bit_time + bit_time / 2); };
    if (sample(0)) {  // too short for a start bit
      time = line.next(false, line.next(true, time));
      continue;
    }
    unsigned byte = 0;
    for (std::int32_t bit = 0; bit < receiver.data_bits; ++bit) byte |= sample(bit + 1) ? 1U << bit : 0U;
    heard.push_back(static_cast<std::uint8_t>(byte));
    const std::int64_t stop = time + (bits + 1) * bit_time + bit_time / 2;
    time = line.next(false, line.next(true, stop));
  }
  return heard;
}

}  // namespace atcert::emulator
