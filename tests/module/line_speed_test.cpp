// SPDX-License-Identifier: Apache-2.0
#include "module/line_speed.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "support/scripted_module.hpp"

namespace atcert::module {
namespace {

using namespace test;
using Rates = std::vector<unsigned>;

struct Bench {
  // 115201: the rate that the divider of the UART gives.
  void expect_query(const std::string& uart = "115201,8,1,0,0") {
    wire.on("AT+UART_CUR?\r\n", "+UART_CUR:" + uart + "\r\n" + kOk);
  }
  void expect_change(const std::string& uart, const std::string& answer = kOk) {
    wire.on("AT+UART_CUR=" + uart + "\r\n", answer);
  }
  void expect_answers(int count) {
    for (int i = 0; i < count; ++i) wire.on("AT\r\n", kOk);
  }
  void expect_silence(int tries) {
    for (int i = 0; i < tries; ++i) wire.on("AT\r\n");
  }
  void raise_at_once() {
    expect_query();
    expect_change("921600,8,1,0,0");
    expect_answers(2);
    REQUIRE(raise({}));
    wire.baud_rates.clear();
  }
  bool raise(const Speed& wanted) {
    const auto raised = speed.raise(session, wanted);
    REQUIRE(raised);
    return *raised;
  }

  VirtualClock clock;
  ScriptedTransport wire{clock};
  at::Session session{wire, clock, nullptr, {}};
  LineSpeed speed;
};

}  // namespace

// [D: AT+UART_CUR] "AT+UART_CUR?" -> +UART_CUR:<baudrate>,<databits>,<stopbits>,<parity>,<flow control>
TEST_CASE("the module's UART is read as it says it, its rate as the common one that it stands for") {
  const auto uart = parse_uart("+UART_CUR:115273,7,3,2,1");
  REQUIRE(uart);
  CHECK(uart->rate == 115200);
  CHECK(uart->data_bits == 7);
  CHECK(uart->stop_bits == 3);
  CHECK(uart->parity == 2);
  CHECK(uart->flow == 1);
  CHECK(parse_uart("+UART_CUR:74880,8,1,0,0")->rate == 74880);
  for (const char* bad :
       {"+UART_CUR:115200,8,1,0", "+UART_CUR:115200,8,1,0,0,0", "+UART_CUR:,8,1,0,0", "+UART_CUR:0,8,1,0,0",
        "+UART_CUR:115200;8,1,0,0", "+UART_DEF:115200,8,1,0,0", "+UART_CUR:99999999999,8,1,0,0"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_uart(bad));
  }
}

TEST_CASE("the rate is raised at both ends, proven, and put back as it was") {
  Bench bench;
  bench.expect_query("115201,8,3,0,0");
  bench.expect_change("921600,8,3,0,0");
  bench.expect_answers(2);
  CHECK(bench.raise({}));
  CHECK(bench.speed.raised());
  CHECK(bench.speed.rate() == 921'600);
  CHECK(bench.wire.baud_rates == Rates{921'600, 115'200, 921'600});  // tried at this end before the module is asked

  bench.expect_change("115200,8,3,0,0");
  bench.expect_answers(1);
  CHECK(bench.speed.put_back(bench.session));
  CHECK_FALSE(bench.speed.raised());
  CHECK(bench.speed.rate() == 115'200);
  CHECK(bench.wire.baud_rates.back() == 115'200);
  CHECK(bench.speed.put_back(bench.session));  // once
}

TEST_CASE("a line without a rate, and one whose rate is to stay, are left alone") {
  Bench bench;
  CHECK_FALSE(bench.raise({.rate = Speed::kKeep}));
  bench.wire.line.rate = false;
  CHECK_FALSE(bench.raise({}));
  CHECK_FALSE(bench.speed.raised());
  CHECK(bench.wire.baud_rates.empty());
}

TEST_CASE("a module that does not say its rate keeps it") {
  Bench bench;
  bench.wire.on("AT+UART_CUR?\r\n", kError);
  CHECK_FALSE(bench.raise({}));
  CHECK(bench.speed.rate() == 0);
}

TEST_CASE("a rate that the module refuses is not the last that is tried") {
  Bench bench;
  bench.expect_query();
  bench.expect_change("5000000,8,1,0,0", kError);
  bench.expect_change("921600,8,1,0,0");
  bench.expect_answers(2);
  CHECK(bench.raise({.rate = 5'000'000}));
  CHECK(bench.speed.rate() == 921'600);
}

TEST_CASE("what the module loses while it changes its rate is sent again") {
  Bench bench;
  bench.expect_query();
  bench.expect_change("921600,8,1,0,0");
  bench.expect_silence(14);
  bench.expect_answers(2);
  CHECK(bench.raise({}));
}

TEST_CASE("a rate at which nothing comes over is left, and the next lower one is tried") {
  Bench bench;
  bench.expect_query();
  bench.expect_change("921600,8,1,0,0");
  bench.expect_silence(16);
  bench.wire.on("\r\n");
  bench.expect_change("115200,8,1,0,0", {});
  bench.expect_answers(1);
  bench.expect_change("460800,8,1,0,0");
  bench.expect_answers(2);
  CHECK(bench.raise({}));
  CHECK(bench.speed.rate() == 460'800);
}

TEST_CASE("a module that is lost at another rate is told, with what to do") {
  Bench bench;
  bench.expect_query();
  bench.expect_change("921600,8,1,0,0");
  bench.expect_silence(16);
  for (int round = 0; round < 2; ++round) {
    bench.wire.on("\r\n");
    bench.expect_change("115200,8,1,0,0", {});
    bench.expect_silence(16);
  }
  const auto raised = bench.speed.raise(bench.session, {});
  REQUIRE_FALSE(raised);
  CHECK(raised.error().code == "rate_lost");
  CHECK(raised.error().kind == ErrorKind::no_module);
  CHECK(raised.error().what == "the module does not answer at 115200 baud again");
  CHECK(bench.speed.raised());  // so that it is tried again in the end
}

TEST_CASE("flow control is asked of both ends, also where the rate stays") {
  Bench bench;
  bench.expect_query();
  bench.expect_change("115200,8,1,0,3");
  bench.expect_answers(2);
  CHECK(bench.raise({.rate = Speed::kKeep, .flow_control = true}));
  bench.expect_change("115200,8,1,0,0");
  bench.expect_answers(1);
  CHECK(bench.speed.put_back(bench.session));
}

TEST_CASE("after errors the line goes on one step lower, and at last as it was") {
  Bench bench;
  bench.raise_at_once();
  for (const char* rate : {"460800", "230400"}) {
    bench.expect_answers(1);
    bench.expect_change(std::string(rate) + ",8,1,0,0");
    bench.expect_answers(2);
    CHECK(bench.speed.step_down(bench.session));
    CHECK(std::to_string(bench.speed.rate()) == rate);
  }
  bench.expect_answers(1);
  bench.expect_change("115200,8,1,0,0");
  bench.expect_answers(1);
  CHECK(bench.speed.step_down(bench.session));
  CHECK_FALSE(bench.speed.raised());
}

TEST_CASE("a module that does not hear the command that puts its rate back is told once more") {
  Bench bench;
  bench.raise_at_once();
  bench.expect_change("115200,8,1,0,0", kError);
  bench.expect_silence(16);
  bench.expect_change("115200,8,1,0,0");
  bench.expect_answers(1);
  CHECK(bench.speed.put_back(bench.session));
  CHECK(bench.wire.baud_rates == Rates{115'200, 921'600, 115'200});
}

}  // namespace atcert::module
