// SPDX-License-Identifier: Apache-2.0
// The AT port: echo, line ends, limits, busy, data phases. Bytes as in ESP-AT's documents and published logs.
#include "emulator/command_port.hpp"

#include "bench.hpp"

namespace atcert::emulator {

TEST_CASE("ready is all that the AT port says after a start") {
  CHECK(Bench().boot_text() == "\r\nready\r\n");
}

TEST_CASE("a command is echoed with its line end until ATE0") {
  Bench bench;
  CHECK(bench.send("ATE1\r\n") == kOk);
  CHECK(bench.send("AT\r\n") == "AT\r\n\r\nOK\r\n");
  CHECK(bench.send("ATE0\r\n") == "ATE0\r\n\r\nOK\r\n");
  CHECK(bench.send("AT\r\n") == kOk);
}

TEST_CASE("any split of a command gives the same reply") {
  Bench bench;
  bench.send("ATE1\r\n");
  std::string reply;
  for (const char c : std::string("AT+CWMODE?\r\n")) reply += bench.send(std::string(1, c));
  CHECK(reply == "AT+CWMODE?\r\n+CWMODE:0\r\n\r\nOK\r\n");
}

TEST_CASE("without CR LF nothing is answered") {
  Bench bench;
  CHECK(bench.send("AT\r").empty());
  CHECK(bench.send("AT\n").empty());
  CHECK(bench.pass(Milliseconds(60'000)).empty());
}

TEST_CASE("an empty line and one without AT are errors") {
  Bench bench;
  bench.send("AT+SYSLOG=1\r\n");
  CHECK(bench.send("\r\n") == "ERR CODE:0x01030000\r\n\r\nERROR\r\n");
  CHECK(bench.send("hello\r\n") == "ERR CODE:0x01030000\r\n\r\nERROR\r\n");
}

TEST_CASE("an unknown command has its code only with AT+SYSLOG=1") {
  Bench bench;
  CHECK(bench.send("AT+FAKE\r\n") == kError);
  CHECK(bench.send("AT+SYSLOG?\r\n") == "+SYSLOG:0\r\n\r\nOK\r\n");
  bench.send("AT+SYSLOG=1\r\n");
  CHECK(bench.send("AT+FAKE\r\n") == "ERR CODE:0x01090000\r\n\r\nERROR\r\n");
  CHECK(bench.send("AT+FAKE?\r\n") == "ERR CODE:0x01090000\r\n\r\nERROR\r\n");
}

TEST_CASE("256 bytes without a line end vanish") {
  Bench bench;
  CHECK(bench.send("AT+CWMODE?" + std::string(245, ' ')).empty());
  CHECK(bench.send(" ").empty());
  CHECK(bench.send("AT\r\n") == kOk);
}

TEST_CASE("a NUL clears the line") {
  Bench bench;
  CHECK(bench.send(std::string_view("AT+RST\0AT\r\n", 11)) == kOk);
  CHECK(bench.send(std::string_view("noise\0", 6)).empty());
  CHECK(bench.send("AT\r\n") == kOk);
}

TEST_CASE("what comes in one chunk behind a command is refused once") {
  Bench bench;
  CHECK(bench.send("AT\r\nAT\r\nAT\r\n") == "\r\nbusy p...\r\n\r\nOK\r\n");
}

TEST_CASE("a line in the middle of a command is refused and lost") {
  Bench bench;
  bench.send("AT+SYSLOG=1\r\n");
  bench.send("AT+CWMODE=1\r\n");
  CHECK(bench.send("AT+CWLAP\r\n").empty());
  CHECK(bench.send("AT+GMR\r\n") == "ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n");
  CHECK(bench.pass(Milliseconds(1000)) ==
        "+CWLAP:(3,\"EXAMPLE-AP\",-48,\"02:00:00:00:aa:44\",6,-1,-1,4,4,7,0)\r\n\r\nOK\r\n");
}

TEST_CASE("AT+RST is acted on whatever runs") {
  Bench bench;
  bench.send("AT+CWMODE=1\r\n");
  CHECK(bench.send("AT+CWLAP\r\n").empty());
  CHECK(bench.send("AT+RST\r\n") == "\r\nWill force to restart!!!\r\n");
  CHECK(bench.pass(Milliseconds(1000)) == "\r\nready\r\n");
  CHECK(bench.send("AT\r\n") == "AT\r\n\r\nOK\r\n");  // echo is on again
}

TEST_CASE("a data phase waits for ever, takes exactly its bytes and is not echoed") {
  Bench bench(Bench::of(image::Generation::pki));
  bench.send("ATE1\r\n");
  CHECK(bench.send("AT+SYSFLASH=1,\"mqtt_ca\",0,8\r\n") == "AT+SYSFLASH=1,\"mqtt_ca\",0,8\r\n>");
  CHECK(bench.send("AT\r\n").empty());
  CHECK(bench.pass(std::chrono::hours(24)).empty());
  CHECK(bench.send("1234").empty());
  CHECK(bench.pass(Milliseconds(100)) == kOk);
}

TEST_CASE("data before the prompt is lost") {
  Bench bench(Bench::of(image::Generation::pki));
  CHECK(bench.send("AT+SYSFLASH=1,\"mqtt_ca\",0,4\r\n1234") == "\r\nbusy p...\r\n>");
  CHECK(bench.pass(Milliseconds(1000)).empty());
}

TEST_CASE("what follows the data of AT+SYSFLASH is parsed behind its result") {
  Bench bench(Bench::of(image::Generation::pki));
  bench.send("AT+SYSFLASH=1,\"mqtt_ca\",0,4\r\n");
  CHECK(bench.send("1234\r\n").empty());
  CHECK(bench.pass(Milliseconds(100)) == "\r\nOK\r\n\r\nERROR\r\n");
}

TEST_CASE("what follows the data of AT+SYSMFG is refused before its result") {
  Bench bench(Bench::of(image::Generation::nvs));
  CHECK(bench.send("AT+SYSMFG=2,\"mqtt_ca\",\"mqtt_ca\",8,4\r\n") == "\r\nOK\r\n\r\n>");
  CHECK(bench.send("1234\r\n") == "\r\nbusy p...\r\n");
  CHECK(bench.pass(Milliseconds(100)) == kOk);
}

// espressif/esp-at#388
TEST_CASE("the fault busy-drops forgets what it refused") {
  Options options;
  options.faults.add(Fault::busy_drops);
  Bench bench(std::move(options));  // which sends ATE0
  CHECK(bench.run("AT+CWMODE=1") == kOk);
  CHECK(bench.run("AT") == kOk);
  CHECK(bench.run("AT+CWMODE=2") == "\r\nbusy p...\r\n");
  CHECK(bench.run("AT+CWMODE?") == "+CWMODE:1\r\n\r\nOK\r\n");
}

TEST_CASE("the fault busy executes what it refused") {
  Options options;
  options.faults.add(Fault::busy);
  Bench bench(std::move(options));
  bench.run("AT+CWMODE=1");
  CHECK(bench.send("AT+CWLAP\r\n").empty());
  CHECK(bench.send("AT+CWMODE?\r\n") == "\r\nbusy p...\r\n");
  const std::string rest = bench.pass(Milliseconds(1000));
  CHECK(rest.ends_with("\r\nOK\r\n\r\nbusy p...\r\n+CWMODE:1\r\n\r\nOK\r\n"));  // the fourth is refused first
}

TEST_CASE("the fault hang-in-data never ends a data phase") {
  Options options;
  options.faults.add(Fault::hang_in_data);
  Bench bench(std::move(options));
  bench.send("AT+SYSFLASH=1,\"mqtt_ca\",0,4\r\n");
  CHECK(bench.send("1234").empty());
  CHECK(bench.pass(std::chrono::hours(1)).empty());
}

TEST_CASE("the fault silent says nothing at all") {
  Options options;
  options.faults.add(Fault::silent);
  Bench bench(std::move(options));
  CHECK(bench.boot_text().empty());
  CHECK(bench.send("AT\r\n").empty());
}

TEST_CASE("the fault echo-stuck goes on echoing") {
  Options options;
  options.faults.add(Fault::echo_stuck);
  Bench bench(std::move(options));
  CHECK(bench.send("ATE0\r\n") == "ATE0\r\n\r\nOK\r\n");
  CHECK(bench.send("AT\r\n") == "AT\r\n\r\nOK\r\n");
}

}  // namespace atcert::emulator
