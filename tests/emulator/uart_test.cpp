// SPDX-License-Identifier: Apache-2.0
// The rates that a chip makes of those it is asked for.
#include "emulator/uart.hpp"

#include <doctest/doctest.h>

namespace atcert::emulator {

TEST_CASE("a divided rate is within half a percent of the one that was asked for") {
  for (const char* chip : {"ESP32", "ESP32S2", "ESP32C2", "ESP32C3", "ESP32C6", "ESP8266"}) {
    for (const std::int32_t asked : {300, 9600, 74880, 115200, 230400, 460800, 921600}) {
      CAPTURE(chip);
      CAPTURE(asked);
      const std::int32_t rate = divided_baud_rate(chip, asked);
      CHECK(rate >= asked);
      CHECK(rate < asked + asked / 100);
    }
  }
}

// The formulas of uart_ll_get_baudrate with the clock divider's fraction of four bits, worked out by hand.
TEST_CASE("the crystal of a C3 and the bus of an ESP32 make different rates") {
  CHECK(divided_baud_rate("ESP32", 115200) == 115201);
  CHECK(divided_baud_rate("ESP32C3", 115200) == 115211);
  CHECK(divided_baud_rate("ESP8266", 115200) == 115273);
  CHECK(divided_baud_rate("ESP32C3", 9600) == 9600);
}

}  // namespace atcert::emulator
