// SPDX-License-Identifier: Apache-2.0
#include "emulator/uart.hpp"

namespace atcert::emulator {
namespace {

// The divider has four fractional bits; newer chips have twelve whole ones and divide their clock beforehand
// (ESP-IDF 5.0, uart_ll_set_baudrate and uart_ll_get_baudrate).
constexpr std::int64_t kFractions = 16;
constexpr std::int64_t kMaxWholeDivider = 4095;

bool has_old_divider(std::string_view chip) {
  return chip == "ESP32" || chip == "ESP32S2";
}

// The firmware takes the crystal where the UART can run on it (at_uart_config_init of ESP-AT 5.0.1.0).
std::int64_t clock_of(std::string_view chip) {
  constexpr std::int64_t kBus = 80'000'000;
  constexpr std::int64_t kCrystal = 40'000'000;
  return has_old_divider(chip) ? kBus : kCrystal;
}

}  // namespace

// AT_UART_BAUD_RATE_MAX: SOC_UART_BITRATE_MAX of ESP-IDF, and at_uart_task.c of ESP-AT 2.3.0.0 for the ESP8266.
std::int32_t max_baud_rate(std::string_view chip) {
  if (chip == "ESP8266") return 4'500'000;
  return chip == "ESP32C2" ? 2'500'000 : 5'000'000;
}

std::int32_t divided_baud_rate(std::string_view chip, std::int32_t asked) {
  constexpr std::int32_t kEsp8266Clock = 80'000'000;  // with a whole divider (ESP8266_RTOS_SDK 3.4, uart.c)
  if (chip == "ESP8266") return kEsp8266Clock / (kEsp8266Clock / asked);
  const std::int64_t clock = clock_of(chip);
  const std::int64_t most = kMaxWholeDivider * asked;
  const std::int64_t before = has_old_divider(chip) ? 1 : (clock + most - 1) / most;
  const std::int64_t divider = clock * kFractions / (asked * before);
  return static_cast<std::int32_t>(clock * kFractions / (divider * before));
}

}  // namespace atcert::emulator
