// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "at/session.hpp"
#include "support/scripted_transport.hpp"

namespace atcert::at {
namespace {

struct Bench {
  test::VirtualClock clock;
  test::ScriptedTransport module{clock};
  Session session{module, clock, nullptr, {}};
  SteadyTime begin = clock.now();
};

// The writes to a module that answers nothing, up to the filler.
void expect_escape(test::ScriptedTransport& module) {
  module.on("AT\r\n").on("AT\r\n").on("+++").on("AT\r\n");
}

std::string filler(std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) bytes += "\r\n";
  return bytes;
}

}  // namespace

TEST_CASE("a module that is well is synchronised by one AT") {
  Bench bench;
  bench.module.deliver("\r\nready\r\nWIFI CONNECTED\r\n");
  bench.module.on("AT\r\n", "AT\r\n\r\nOK\r\n");
  CHECK(bench.session.synchronise());
  CHECK(bench.clock.now() - bench.begin < Milliseconds(100));
}

TEST_CASE("half a line in the module's buffer costs one ERROR") {
  Bench bench;
  bench.module.on("AT\r\n", "xyzAT\r\n\r\nERROR\r\n").on("AT\r\n", "AT\r\n\r\nOK\r\n");
  CHECK(bench.session.synchronise());
}

TEST_CASE("a module that restarts as the port opens is asked again") {
  Bench bench;
  bench.module.on("AT\r\n", "\r\nready\r\n", Milliseconds(400)).on("AT\r\n", "AT\r\n\r\nOK\r\n");
  CHECK(bench.session.synchronise());
}

TEST_CASE("an answer that comes late, to the first AT, leaves the second one's to nobody else") {
  Bench late;
  late.module.on("AT\r\n", "\r\nOK\r\n", Milliseconds(600)).on("AT\r\n", "\r\nOK\r\n", Milliseconds(600));
  REQUIRE(late.session.synchronise());
  late.module.on("AT+X\r\n", "\r\nERROR\r\n", Milliseconds(600));
  CHECK_FALSE(late.session.execute({CommandLine("AT+X")})->ok);
  Bench banner;
  banner.module.on("AT\r\n", "\r\nready\r\n").then("AT\r\n\r\nOK\r\n", Milliseconds(20));
  banner.module.on("AT\r\n", "AT\r\n\r\nOK\r\n");
  REQUIRE(banner.session.synchronise());
  banner.module.on("AT+X\r\n", "\r\nERROR\r\n");
  CHECK_FALSE(banner.session.execute({CommandLine("AT+X")})->ok);
}

TEST_CASE("a module in a command is waited for") {
  Bench bench;
  bench.module.on("AT\r\n", "\r\nbusy p...\r\n").then("+CWJAP:1\r\n\r\nERROR\r\n", Milliseconds(14000));
  CHECK(bench.session.synchronise());
  CHECK(bench.clock.now() - bench.begin >= Milliseconds(14000));
  bench.module.on("AT+X\r\n", "\r\nERROR\r\n");
  CHECK_FALSE(bench.session.execute({CommandLine("AT+X")})->ok);
}

TEST_CASE("a module that does not come to an end with its command is named as busy") {
  Bench bench;
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n", "\r\nbusy p...\r\n");
  const auto result = bench.session.synchronise();
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::module);
  CHECK(result.error().code == "busy");
  CHECK(bench.clock.now() - bench.begin < Milliseconds(21000));
}

TEST_CASE("a module that says busy to every line and runs it all the same takes commands") {
  Bench bench;
  bench.module.on("AT\r\n", "\r\nbusy p...\r\n\r\nOK\r\n");
  CHECK(bench.session.synchronise());
  CHECK(bench.clock.now() - bench.begin < Milliseconds(1000));
}

TEST_CASE("passthrough mode is left by +++ between silences") {
  Bench bench;
  bench.module.on("AT\r\n").on("AT\r\n").on("+++").on("AT\r\n", "\r\nOK\r\n");
  SteadyTime before;
  SteadyTime escape;
  std::size_t writes = 0;
  bench.module.on_write = [&] {
    if (++writes == 2) before = bench.clock.now();
    if (writes == 3) escape = bench.clock.now();
    if (writes == 3) CHECK(escape - before >= Milliseconds(1100));
    if (writes == 4) CHECK(bench.clock.now() - escape >= Milliseconds(1100));
  };
  CHECK(bench.session.synchronise());
  CHECK(writes == 4);
}

TEST_CASE("a data phase that was broken off is filled until the module answers") {
  Bench bench;
  expect_escape(bench.module);
  bench.module.on(filler(1024), "\r\nERROR\r\n\r\nERROR\r\n").on("AT\r\n", "\r\nOK\r\n");
  CHECK(bench.session.synchronise());
}

TEST_CASE("a broken off data phase is filled up also when the module speaks of other things meanwhile") {
  Bench bench;
  expect_escape(bench.module);
  bench.module.on(filler(256), "WIFI DISCONNECT\r\n").on(filler(768), "\r\nERROR\r\n").on("AT\r\n", "\r\nOK\r\n");
  CHECK(bench.session.synchronise());
}

TEST_CASE("passthrough mode is left also while its peer sends") {
  Bench bench;
  bench.module.on("AT\r\n", "some\r\nwords", Milliseconds(100)).on("AT\r\n").on("+++").on("AT\r\n", "\r\nOK\r\n");
  CHECK(bench.session.synchronise());
}

TEST_CASE("a silent port is given up within four seconds, after the escape and all of the filler") {
  Bench bench;
  expect_escape(bench.module);
  bench.module.on(filler(8 * 1024));
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
  const auto carries = bench.session.rouse();
  REQUIRE(carries);
  CHECK(*carries == Carries::nothing);
  CHECK(bench.clock.now() - bench.begin <= Milliseconds(4000));
}

TEST_CASE("what does not answer is named by what the port carries") {
  const auto error_of = [](const std::string& first, const std::string& second, const std::string& escape) {
    Bench bench;
    bench.module.on("AT\r\n", first).on("AT\r\n", second).on("+++", escape).on("AT\r\n", first);
    bench.module.on(filler(8 * 1024));
    for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n", first);
    const auto result = bench.session.synchronise();
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::no_module);
    CHECK_FALSE(result.error().cause.empty());
    CHECK_FALSE(result.error().remedy.empty());
    CHECK(bench.clock.now() - bench.begin <= Milliseconds(4500));
    return result.error().code;
  };
  CHECK(error_of("", "", "") == "no_answer");
  CHECK(error_of("login:\r\n", "login:\r\n", "") == "not_at");
  CHECK(error_of("AT\r\n", "AT\r\n", "") == "echo_only");
  CHECK(error_of("AT\r\n", "AT\r\n", "+++") == "echo_only");
  CHECK(error_of("\x81\xfe\x03", "\x81\xfe\x03", "") == "baud_wrong");
  CHECK(error_of("", "rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n", "") == "log_port");
  CHECK(error_of("I (27) boot: ESP-IDF v4.2.3 2nd stage bootloader\r\n", "", "") == "log_port");
  CHECK(error_of("I (999) wifi:state: init -> auth (b0)\r\n", "", "") == "log_port");
  CHECK(error_of("waiting for download\r\n", "", "") == "download_mode");
  CHECK(error_of("AT\r\n\r\nERROR\r\n", "AT\r\n\r\nERROR\r\n", "") == "line_filter");
}

TEST_CASE("a rate that is only tried costs one AT") {
  Bench there;
  there.module.on("AT\r\n", "AT\r\n\r\nOK\r\n");
  CHECK(there.session.greet(Milliseconds(200)).value() == Carries::at);
  Bench wrong;
  wrong.module.on("AT\r\n", "\x81\xfe\x03");
  CHECK(wrong.session.greet(Milliseconds(200)).value() == Carries::noise);
  CHECK(wrong.clock.now() - wrong.begin == Milliseconds(200));
}

TEST_CASE("bytes of a line that was off do not hide the answer") {
  Bench bench;
  const std::string spikes("\0\xff\xff\0\x80", 5);
  bench.module.deliver(spikes);
  bench.module.on("AT\r\n", spikes + "AT\r\n" + spikes + "\r\n" + spikes + "OK\r\n");
  CHECK(bench.session.synchronise());
}

TEST_CASE("a module that has spoken before is not told as one that is not there") {
  Bench bench;
  bench.module.on("AT\r\n", "AT\r\n\r\nOK\r\n");
  REQUIRE(bench.session.synchronise());
  expect_escape(bench.module);
  bench.module.on(filler(8 * 1024));
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
  const auto result = bench.session.synchronise();
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "no_answer");
  CHECK(result.error().what.find("has fallen silent") != std::string::npos);
}

}  // namespace atcert::at
