// SPDX-License-Identifier: Apache-2.0
// How the UART of the AT port is set, in the numbers of AT+UART_CUR (ESP-AT, Basic AT Commands), and what rate a chip
// makes of the one that it was asked for.
#pragma once

#include <cstdint>
#include <string_view>

namespace atcert::emulator {

inline constexpr std::int32_t kDefaultBaudRate = 115200;
inline constexpr std::int32_t kMinBaudRate = 80;

struct Uart {
  std::int32_t baud_rate = kDefaultBaudRate;
  std::int32_t data_bits = 8;
  std::int32_t stop_bits = 1;  // 1: one, 2: one and a half, 3: two
  std::int32_t parity = 0;     // 0: none, 1: odd, 2: even
  std::int32_t flow_control = 0;

  bool operator==(const Uart&) const = default;
};

// The highest rate that the firmware of this chip ("ESP32C2") takes.
std::int32_t max_baud_rate(std::string_view chip);

// What AT+UART_CUR? answers: the rate after division of the chip's clock, which may differ a little.
std::int32_t divided_baud_rate(std::string_view chip, std::int32_t asked);

}  // namespace atcert::emulator
