// SPDX-License-Identifier: Apache-2.0
// The clock: AT+CIPSNTPCFG, AT+CIPSNTPTIME?, AT+SYSTIMESTAMP. The bench's true time is that of a published log,
// Wed Jan 19 20:13:10 2022.
#include "emulator/time_commands.hpp"

#include "bench.hpp"

namespace atcert::emulator {
namespace {

void join(Bench& bench) {
  bench.run("AT+CWMODE=1");
  bench.run("AT+CWJAP=\"EXAMPLE-AP\",\"EXAMPLE-PASSWORD\"");
}

}  // namespace

TEST_CASE("the clock starts in 1970 and runs") {
  Bench bench;
  bench.pass(std::chrono::seconds(128) - Milliseconds(200));
  CHECK(bench.send("AT+CIPSNTPTIME?\r\n") == "+CIPSNTPTIME:Thu Jan  1 00:02:08 1970\r\nOK\r\n");
  CHECK(bench.send("AT+SYSTIMESTAMP?\r\n") == "+SYSTIMESTAMP:128\r\nOK\r\n");
}

TEST_CASE("SNTP sets the clock a while after its configuration") {
  Bench bench;
  join(bench);
  CHECK(bench.run("AT+CIPSNTPCFG=1,0,\"pool.ntp.org\"") == kOk);
  CHECK(bench.send("AT+CIPSNTPTIME?\r\n").find(" 1970\r\nOK\r\n") != std::string::npos);
  CHECK(bench.pass(Milliseconds(500)).empty());  // 2.4.0.0 does not say it
  CHECK(bench.send("AT+CIPSNTPTIME?\r\n") == "+CIPSNTPTIME:Wed Jan 19 20:13:10 2022\r\nOK\r\n");
}

TEST_CASE("from 3.0 on the module says when the time has come") {
  Bench bench(Bench::of(image::Generation::nvs));
  bench.run("AT+CIPSNTPCFG=1,8,\"ntp1.aliyun.com\",\"ntp2.aliyun.com\"");
  CHECK(bench.pass(std::chrono::seconds(60)).empty());  // no network
  join(bench);
  CHECK(bench.pass(Milliseconds(500)) == "+TIME_UPDATED\r\n");
  CHECK(bench.send("AT+CIPSNTPCFG?\r\n") == "+CIPSNTPCFG:1,8,\"ntp1.aliyun.com\",\"ntp2.aliyun.com\"\r\nOK\r\n");
}

TEST_CASE("time zones are whole hours or hhmm and shift what is printed only") {
  Bench bench;
  bench.run("AT+SYSTIMESTAMP=1634658476");  // the document's Tue Oct 19 15:47:56 2021 UTC
  CHECK(bench.run("AT+CIPSNTPCFG=1,530") == kOk);
  CHECK(bench.send("AT+CIPSNTPTIME?\r\n") == "+CIPSNTPTIME:Tue Oct 19 21:17:56 2021\r\nOK\r\n");
  CHECK(bench.run("AT+CIPSNTPCFG=1,-5") == kOk);
  CHECK(bench.send("AT+CIPSNTPTIME?\r\n") == "+CIPSNTPTIME:Tue Oct 19 10:47:56 2021\r\nOK\r\n");
  CHECK(bench.send("AT+SYSTIMESTAMP?\r\n") == "+SYSTIMESTAMP:1634658476\r\nOK\r\n");
  CHECK(bench.run("AT+CIPSNTPCFG=1,1500") == kError);
  CHECK(bench.run("AT+CIPSNTPCFG=1,575") == kError);
  CHECK(bench.run("AT+CIPSNTPCFG=2,0") == kError);
  CHECK(Bench(Bench::of_release(2, 1)).run("AT+CIPSNTPCFG=1,530") == kError);
}

TEST_CASE("the time outlives AT+RST on an ESP32") {
  Bench bench;
  CHECK(bench.run("AT+SYSTIMESTAMP=1642623190") == kOk);
  bench.send("AT+RST\r\n");
  bench.pass(Milliseconds(1000));
  CHECK(bench.send("AT+SYSTIMESTAMP?\r\n").find("+SYSTIMESTAMP:1642623191\r\nOK\r\n") != std::string::npos);
}

TEST_CASE("the fault no-sntp leaves the clock in 1970") {
  Options options = Bench::of(image::Generation::nvs);
  options.faults.add(Fault::no_sntp);
  Bench bench(std::move(options));
  join(bench);
  bench.run("AT+CIPSNTPCFG=1,0,\"pool.ntp.org\"");
  CHECK(bench.pass(std::chrono::hours(1)).empty());
  CHECK(bench.send("AT+CIPSNTPTIME?\r\n").find(" 1970\r\n") != std::string::npos);
}

TEST_CASE("AT+CIPDOMAIN resolves every name to the broker") {
  Options options;
  options.broker = BrokerAddress{"127.0.0.1", 8883};
  Bench bench(std::move(options));
  CHECK(bench.run("AT+CIPDOMAIN=\"example.com\"") == kError);  // no network
  join(bench);
  CHECK(bench.run("AT+CIPDOMAIN=\"example.com\"") == "+CIPDOMAIN:\"127.0.0.1\"\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CIPDOMAIN=\"example.com\",1,5000") == kError);  // the third parameter came with 4.1
}

TEST_CASE("wrong-clock is wrong by so much, and clock-stuck takes no time at all") {
  Options options = Bench::of(image::Generation::nvs);
  SUBCASE("wrong-clock") {
    options.faults.add({Fault::wrong_clock, -86'400});
    Bench bench(std::move(options));
    join(bench);
    bench.run("AT+CIPSNTPCFG=1,0,\"pool.ntp.org\"");
    const std::string before = bench.pass(Milliseconds(1000));
    CHECK(before.find("+TIME_UPDATED") != std::string::npos);
    CHECK(bench.send("AT+CIPSNTPTIME?\r\n").find("Tue Jan 18 ") != std::string::npos);  // the bench has the 19th
  }
  SUBCASE("clock-stuck") {
    options.faults.add(Fault::clock_stuck);
    Bench bench(std::move(options));
    join(bench);
    bench.run("AT+CIPSNTPCFG=1,0,\"pool.ntp.org\"");
    CHECK(bench.pass(Milliseconds(1000)).empty());
    CHECK(bench.run("AT+SYSTIMESTAMP=1642623190") == kOk);
    CHECK(bench.send("AT+CIPSNTPTIME?\r\n").find(" 1970\r\n") != std::string::npos);
  }
}

TEST_CASE("the interval of SNTP is 15 seconds or more, from 2.3 on") {
  Bench bench(Bench::of(image::Generation::nvs));
  CHECK(bench.run("AT+CIPSNTPINTV?") == "+CIPSNTPINTV:3600\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CIPSNTPINTV=15") == kOk);
  CHECK(bench.run("AT+CIPSNTPINTV?") == "+CIPSNTPINTV:15\r\n\r\nOK\r\n");
  for (const char* wrong : {"14", "4294968", "15,1", "\"15\""}) {
    CHECK(bench.run(std::string("AT+CIPSNTPINTV=") + wrong) == kError);
  }
  CHECK(bench.run("AT+CIPSNTPINTV=4294967") == kOk);
  Options old = Bench::of(image::Generation::pki);
  old.release = image::Release{{2, 2, 0, 0}};
  CHECK(Bench(std::move(old)).run("AT+CIPSNTPINTV?") == kError);
}

}  // namespace atcert::emulator
