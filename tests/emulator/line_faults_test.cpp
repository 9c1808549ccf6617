// SPDX-License-Identifier: Apache-2.0
// Faults between the UART's pins and the AT port.
#include "emulator/line_faults.hpp"

#include "bench.hpp"

namespace atcert::emulator {
namespace {

Options with(Fault fault, std::int32_t argument) {
  Options options;
  options.faults.add({fault, argument});
  return options;
}

Options with(Fault fault) {
  Options options;
  options.faults.add(fault);
  return options;
}

}  // namespace

TEST_CASE("silent-after takes so many commands and no more") {
  Bench bench(with(Fault::silent_after, 2));  // the first is the bench's ATE0
  CHECK(bench.send("AT\r\n") == kOk);
  CHECK(bench.send("AT\r\n").empty());
  CHECK(bench.pass(std::chrono::hours(1)).empty());
}

TEST_CASE("echo-only sends back the bytes, and nothing else") {
  Bench bench(with(Fault::echo_only));
  CHECK(bench.boot_text().empty());
  CHECK(bench.send("AT\r\n\xff") == "AT\r\n\xff");
  CHECK(bench.pass(std::chrono::hours(1)).empty());
}

TEST_CASE("ok-to-all answers every line with OK") {
  Bench bench(with(Fault::ok_to_all));
  CHECK(bench.boot_text().empty());
  CHECK(bench.send("AT+GMR\r\n") == kOk);
  CHECK(bench.send("nonsense\r\nmore\r\n") == kOk + kOk);
}

TEST_CASE("log-port prints a log, and no answer") {
  Bench bench(with(Fault::log_port));
  CHECK(bench.boot_text().find("rst:0x1 (POWERON_RESET)") != std::string::npos);
  CHECK(bench.boot_text().find("ready") == std::string::npos);
  CHECK(bench.send("AT\r\n").empty());
  CHECK(bench.pass(Milliseconds(600)).find("wifi:state") != std::string::npos);
}

TEST_CASE("wrong-baud starts at another rate") {
  CHECK(Bench(with(Fault::wrong_baud)).module().uart().baud_rate == 9600);
  CHECK(Bench(with(Fault::wrong_baud, 921600)).module().uart().baud_rate == 921600);
}

TEST_CASE("noise changes some bytes, the same in every run") {
  const auto run = [] {
    Bench bench(with(Fault::noise, 20));
    std::string all = bench.boot_text();
    for (int i = 0; i < 100; ++i) all += bench.send("AT\r\n");
    return all;
  };
  const std::string text = run();
  CHECK(text == run());
  CHECK(text.find("\r\nOK\r\n\r\nOK\r\n") != std::string::npos);
  CHECK(text.find("\r\nERROR\r\n") != std::string::npos);
}

TEST_CASE("stray-bytes sends a 00 or FF before what it says") {
  Bench bench(with(Fault::stray_bytes));
  const std::string zero(1, '\0');
  CHECK(bench.boot_text() == zero + "\r\nready\r\n");
  CHECK(bench.send("AT\r\n") == zero + kOk);  // ATE0 had the FF
  CHECK(bench.send("AT\r\n") == "\xff" + kOk);
}

TEST_CASE("double-cr ends lines with two carriage returns, and leaves data alone") {
  Bench bench(with(Fault::double_cr));
  CHECK(bench.send("AT+CWMODE?\r\n") == "+CWMODE:0\r\r\n\r\r\nOK\r\r\n");
  bench.send("AT+SYSFLASH=1,\"mqtt_ca\",0,4\r\n");
  CHECK(bench.send("a\r\nb").empty());
  CHECK(bench.pass(Milliseconds(100)) == "\r\r\nOK\r\r\n");
  CHECK(bench.send("AT+SYSFLASH=2,\"mqtt_ca\",0,4\r\n") == "+SYSFLASH:4,a\r\nb\r\r\nOK\r\r\n");
}

TEST_CASE("reset-at-byte restarts in the middle of a line or of data, once") {
  Bench bench(with(Fault::reset_at_byte, 10));  // six are the bench's ATE0
  CHECK(bench.send("AT\r\nAT\r\n") == kOk);
  CHECK(bench.pass(Milliseconds(1000)) == "\r\nready\r\n");
  CHECK(bench.send("AT\r\n") == "AT\r\n" + kOk);
  CHECK(bench.send("AT+SYSFLASH=1,\"mqtt_ca\",0,4\r\n").ends_with(">"));
  bench.send("1234");
  CHECK(bench.pass(Milliseconds(1000)) == kOk);
}

TEST_CASE("lost-after-baud loses what comes first at the new rate") {
  Bench bench(with(Fault::lost_after_baud, 6));
  CHECK(bench.send("AT+UART_CUR=921600,8,1,0,0\r\n") == kOk);
  CHECK(bench.send("AT\r\n").empty());
  CHECK(bench.send("AT\r\n") == kError);  // all that is left is an empty line
  CHECK(bench.send("AT\r\n") == kOk);
}

// ESP-AT, TCP/IP AT Commands: 20 ms before and behind the three characters, and no answer.
TEST_CASE("passthrough swallows everything until +++ stands alone") {
  Bench bench(with(Fault::passthrough));
  CHECK(bench.send("AT\r\n").empty());
  CHECK(bench.send("+++").empty());  // too soon behind the other bytes
  CHECK(bench.pass(Milliseconds(100)).empty());
  CHECK(bench.send("AT\r\n").empty());
  bench.pass(Milliseconds(25));
  CHECK(bench.send("+++\r\n").empty());
  CHECK(bench.pass(Milliseconds(100)).empty());
  CHECK(bench.send("AT\r\n").empty());
  bench.pass(Milliseconds(25));
  CHECK(bench.send("+").empty());
  CHECK(bench.send("++").empty());
  CHECK(bench.pass(Milliseconds(25)).empty());
  CHECK(bench.send("AT\r\n") == "AT\r\n" + kOk);
}

TEST_CASE("data-phase starts in the middle of a write that wants more bytes") {
  for (const image::Generation generation : {image::Generation::pki, image::Generation::nvs}) {
    Options options = Bench::of(generation);
    options.faults.add({Fault::data_phase, 20});
    Bench bench(std::move(options));  // its ATE0 is six of the bytes
    CHECK(bench.boot_text().empty());
    CHECK(bench.send("AT\r\n").empty());
    CHECK(bench.send(std::string(9, 'x')).empty());
    CHECK(bench.send("x").empty());
    CHECK(bench.pass(Milliseconds(100)) == kOk);
    CHECK(bench.send("AT\r\n") == "AT\r\n" + kOk);
  }
}

}  // namespace atcert::emulator
