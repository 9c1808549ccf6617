// SPDX-License-Identifier: Apache-2.0
#include "at/heard.hpp"

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "support/require.hpp"

namespace atcert::at {
namespace {

Carries verdict_on(std::string_view bytes, std::size_t foreign = 0) {
  Redactor door;
  Framer framer(door);
  framer.expect(Secret(std::string_view("AT")), false);
  framer.feed(as_bytes(bytes));
  Heard heard;
  while (const auto event = framer.next()) heard.take(*event);
  return heard.verdict(bytes.size(), foreign);
}

}  // namespace

TEST_CASE("the log port of a module is told by its boot messages") {
  const Bytes log =
      test::require(read_file(ATCERT_SOURCE_DIR "/tests/at/data/15-log-port-not-at-port-esp32.txt", 1 << 16));
  CHECK(verdict_on(as_text(log)) == Carries::boot_log);
  // ESP-IDF's documentation shows these of other chips.
  CHECK(verdict_on("ESP-ROM:esp32c3-api1-20210207\r\n") == Carries::boot_log);
  CHECK(verdict_on(" ets Jan  8 2013,rst cause:1, boot mode:(3,7)\r\n") == Carries::boot_log);
}

TEST_CASE("a firmware's log is told by the form of its lines") {
  CHECK(verdict_on("I (1234) wifi:mode : sta (02:00:00:00:aa:44)\r\n") == Carries::firmware_log);
  CHECK(verdict_on("\x1b[0;31mE (99) esp-tls: couldn't get hostname\x1b[0m\r\n") == Carries::firmware_log);
  CHECK(verdict_on("I (x) wifi: no number\r\n") == Carries::text);
  CHECK(verdict_on("I (12 wifi: no end\r\n") == Carries::text);
  CHECK(verdict_on(" (12) wifi: no level\r\n") == Carries::text);
}

TEST_CASE("a module that waits for a download is told from one that boots") {
  CHECK(verdict_on("rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0))\r\nwaiting for download\r\n") ==
        Carries::download_mode);
}

TEST_CASE("silence, echo, refusals and noise are told apart") {
  CHECK(verdict_on("") == Carries::nothing);
  CHECK(verdict_on("AT\r\n") == Carries::echo);
  CHECK(verdict_on("AT\r\n+++AT\r\n") == Carries::echo);
  CHECK(verdict_on("AT\r\n+++AT\r\n\r\nERROR\r\n") == Carries::refusals);
  CHECK(verdict_on("AT\r\nERR CODE:0x01030000\r\n\r\nERROR\r\n") == Carries::refusals);
  CHECK(verdict_on("AT\r\nlogin:\r\n") == Carries::text);
  CHECK(verdict_on("\r\nready\r\nWIFI CONNECTED\r\nAT\r\n\r\nERROR\r\n") == Carries::refusals);
  CHECK(verdict_on("login:\r\nERROR\r\n") == Carries::text);
  CHECK(verdict_on(std::string(8, '\xfe'), 8) == Carries::noise);
  CHECK(verdict_on("half a line", 2) == Carries::text);
}

}  // namespace atcert::at
