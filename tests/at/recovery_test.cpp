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

TEST_CASE("a module in a command is waited for") {
  Bench bench;
  bench.module.on("AT\r\n", "\r\nbusy p...\r\n").then("+CWJAP:1\r\n\r\nERROR\r\n", Milliseconds(14000));
  bench.module.on("AT\r\n", "AT\r\n\r\nOK\r\n");
  CHECK(bench.session.synchronise());
}

TEST_CASE("passthrough mode is left by +++ between silences") {
  Bench bench;
  bench.module.on("AT\r\n").on("AT\r\n").on("+++").on("AT\r\n", "\r\nOK\r\n");
  SteadyTime escape;
  std::size_t writes = 0;
  bench.module.on_write = [&] {
    if (++writes == 3) escape = bench.clock.now();
    if (writes == 4) CHECK(bench.clock.now() - escape >= Milliseconds(1100));
  };
  CHECK(bench.session.synchronise());
  CHECK(writes == 4);
}

TEST_CASE("a data phase that was broken off is filled until the module answers") {
  Bench bench;
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
  bench.module.on("+++");
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
  bench.module.on(filler(1024), "\r\nERROR\r\n\r\nERROR\r\n").on("AT\r\n", "\r\nOK\r\n");
  CHECK(bench.session.synchronise());
}

TEST_CASE("a broken off data phase is filled up also when the module speaks of other things meanwhile") {
  Bench bench;
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
  bench.module.on("+++");
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
  bench.module.on(filler(256), "WIFI DISCONNECT\r\n").on(filler(768), "\r\nERROR\r\n").on("AT\r\n", "\r\nOK\r\n");
  CHECK(bench.session.synchronise());
}

TEST_CASE("a port on which something else answers is told from a silent one") {
  Bench bench;
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n", "login:\r\n");
  bench.module.on("+++");
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n", "login:\r\n");
  bench.module.on(filler(8 * 1024));
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n", "login:\r\n");
  const auto result = bench.session.synchronise();
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "no_answer");
  CHECK(result.error().cause.find("something comes back") != std::string::npos);
}

TEST_CASE("a silent port is given up with its likely causes") {
  Bench bench;
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
  bench.module.on("+++");
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
  bench.module.on(filler(8 * 1024));
  for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
  const auto result = bench.session.synchronise();
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::no_module);
  CHECK(result.error().code == "no_answer");
  CHECK(result.error().cause.find("no byte came back") != std::string::npos);
  CHECK(bench.clock.now() - bench.begin < Milliseconds(15000));
}

TEST_CASE("a port that carries boot messages is named as the log port") {
  for (const char* line : {"rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n",
                           "load:0x3fff0030,len:1184\r\n", "I (27) boot: ESP-IDF v4.2.3 2nd stage bootloader\r\n"}) {
    Bench bench;
    bench.module.deliver(line);
    for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
    bench.module.on("+++");
    for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
    bench.module.on(filler(8 * 1024));
    for (int i = 0; i < 2; ++i) bench.module.on("AT\r\n");
    const auto result = bench.session.synchronise();
    REQUIRE_FALSE(result);
    CHECK(result.error().code == "log_port");
  }
}

}  // namespace atcert::at
