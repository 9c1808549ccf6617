// SPDX-License-Identifier: Apache-2.0
// Bytes on a line whose sides disagree. The expected bytes are worked out by hand from the levels.
#include "emulator/uart_signal.hpp"

#include <doctest/doctest.h>

namespace atcert::emulator {
namespace {

Uart at(std::int32_t baud_rate) {
  return {.baud_rate = baud_rate};
}

Bytes heard(std::string_view sent, const Uart& sender, const Uart& receiver) {
  return as_heard(as_bytes(sent), sender, receiver);
}

Bytes bytes_of(std::string_view text) {
  return to_bytes(as_bytes(text));
}

std::string every_byte() {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  return all;
}

}  // namespace

TEST_CASE("what is sent at the receiver's rate, or within two percent of it, is read right") {
  for (const std::int32_t rate : {115200, 115201, 113000, 117500}) {
    CAPTURE(rate);
    CHECK(heard(every_byte(), at(115200), at(rate)) == bytes_of(every_byte()));
  }
  CHECK(heard(every_byte(), at(115200), at(125000)) != bytes_of(every_byte()));
}

// "A" is 0x41: with start and stop bit 0 10000010 1, and every level lasts two bits of the receiver: 0 01100000 0 is a
// 6 without a stop bit, and behind the next rise 0 01111111 1 is a FE.
TEST_CASE("half the rate makes two bytes of one") {
  CHECK(heard("A", at(57600), at(115200)) == Bytes{0x06, 0xFE});
}

// The start bit of a fast sender, and the data behind it, are over before a slow receiver looks at the first data bit.
TEST_CASE("a fast byte is a blip to a slow receiver") {
  CHECK(heard("U", at(115200), at(9600)) == Bytes{0xFF});
  CHECK(heard("\xFF", at(115200), at(9600)).empty());
}

TEST_CASE("a line that stays low is one byte of zeros, however long") {
  CHECK(heard(std::string(1, '\0'), at(9600), at(921600)) == Bytes{0x00});
}

TEST_CASE("a command at another rate never comes as the command that it was") {
  const std::string command = "AT+UART_CUR=115200,8,1,0,0\r\n";
  for (const std::int32_t rate : {9600, 57600, 74880, 230400, 460800, 921600, 5000000}) {
    CAPTURE(rate);
    const Bytes there = heard(command, at(115200), at(rate));
    CHECK(std::string(as_text(there)).find("AT") == std::string::npos);
    CHECK(there == heard(command, at(115200), at(rate)));
  }
}

TEST_CASE("other data bits and a parity bit that the receiver does not know change the bytes") {
  const Uart seven_even{.data_bits = 7, .parity = 2};
  CHECK(heard("A", seven_even, {}) == bytes_of("A"));         // two bits are set: the parity bit is 0 as the eighth is
  CHECK(heard("C", seven_even, {}) == bytes_of("\xC3"));      // three bits are set
  CHECK(heard("A", Uart{.parity = 1}, {}) == bytes_of("A"));  // odd parity is 1 here, as a stop bit
  CHECK(heard("AB", {}, seven_even) == bytes_of("AB"));
  CHECK(heard("\xC1", {}, Uart{.data_bits = 7}) == bytes_of("A"));
  CHECK(heard("AA", Uart{.stop_bits = 3}, {}) == bytes_of("AA"));
}

}  // namespace atcert::emulator
