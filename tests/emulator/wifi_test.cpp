// SPDX-License-Identifier: Apache-2.0
// Replies as in ESP-AT's Wi-Fi AT Commands and published logs.
#include "emulator/wifi.hpp"

#include "bench.hpp"

namespace atcert::emulator {
namespace {

const std::string kJoined = "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n";
const std::string kJoin = "AT+CWJAP=\"EXAMPLE-AP\",\"EXAMPLE-PASSWORD\"";

bool flash_holds(Bench& bench, std::string_view text) {
  return as_text(bench.flash().read(0, bench.flash().size())).find(text) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a join prints its two lines and OK") {
  Bench bench;
  CHECK(bench.run("AT+CWMODE=1") == kOk);
  CHECK(bench.run("AT+CWSTATE?") == "+CWSTATE:4,\"\"\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CWJAP?") == "No AP\r\n\r\nOK\r\n");
  CHECK(bench.run(kJoin) == kJoined);
  CHECK(bench.run("AT+CWSTATE?") == "+CWSTATE:2,\"EXAMPLE-AP\"\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CWJAP?") == "+CWJAP:\"EXAMPLE-AP\",\"02:00:00:00:aa:44\",6,-48,0,1,3,0,1\r\n\r\nOK\r\n");
  CHECK(bench.run(kJoin) == "WIFI DISCONNECT\r\n" + kJoined);
}

TEST_CASE("AT+CWSTATE? names the access point that is joined, or that was to be") {
  Bench bench;
  bench.run("AT+CWMODE=1");
  bench.send("AT+CWJAP=\"OTHER\",\"EXAMPLE-PASSWORD\"\r\n");
  bench.pass(std::chrono::seconds(15));
  CHECK(bench.run("AT+CWSTATE?") == "+CWSTATE:4,\"OTHER\"\r\n\r\nOK\r\n");
  bench.run(kJoin);
  bench.run("AT+CWQAP");
  bench.pass(Milliseconds(10));
  CHECK(bench.run("AT+CWSTATE?") == "+CWSTATE:4,\"EXAMPLE-AP\"\r\n\r\nOK\r\n");
}

TEST_CASE("AT+CWJAP? shows what was set") {
  Bench bench;
  bench.run("AT+CWMODE=1");
  CHECK(bench.run(kJoin + ",,1,60,5,1,20,2") == kJoined);
  CHECK(bench.run("AT+CWJAP?") == "+CWJAP:\"EXAMPLE-AP\",\"02:00:00:00:aa:44\",6,-48,1,60,5,1,2\r\n\r\nOK\r\n");
}

TEST_CASE("2.1 has eight fields in AT+CWJAP? and five in AT+CWLAP") {
  Bench bench(Bench::of_release(2, 1));
  bench.run("AT+CWMODE=1");
  bench.run(kJoin);
  CHECK(bench.run("AT+CWJAP?") == "+CWJAP:\"EXAMPLE-AP\",\"02:00:00:00:aa:44\",6,-48,0,1,3,0\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CWLAP") == "+CWLAP:(3,\"EXAMPLE-AP\",-48,\"02:00:00:00:aa:44\",6)\r\n\r\nOK\r\n");
}

TEST_CASE("without station mode there is no join") {
  Bench bench;
  CHECK(bench.run("AT+CWSTATE?") == "+CWSTATE:0,\"\"\r\n\r\nOK\r\n");
  CHECK(bench.run(kJoin) == kError);
  CHECK(bench.run("AT+CWMODE=2") == kOk);
  CHECK(bench.run(kJoin) == kError);
  CHECK(bench.run("AT+CWMODE=4") == kError);
}

TEST_CASE("a join that fails waits its whole limit") {
  Bench bench;
  bench.run("AT+CWMODE=1");
  const SteadyTime start = bench.clock().now();
  SUBCASE("wrong password") {
    CHECK(bench.run("AT+CWJAP=\"EXAMPLE-AP\",\"wrong password\"") == "+CWJAP:2\r\n\r\nERROR\r\n");
    CHECK(bench.clock().now() - start == std::chrono::seconds(15));
  }
  SUBCASE("unknown access point, with a limit of its own") {
    CHECK(bench.run("AT+CWJAP=\"OTHER\",\"EXAMPLE-PASSWORD\",,,,,,3") == "+CWJAP:3\r\n\r\nERROR\r\n");
    CHECK(bench.clock().now() - start == std::chrono::seconds(3));
  }
  SUBCASE("a limit out of its range is refused at once") {
    CHECK(bench.run("AT+CWJAP=\"EXAMPLE-AP\",\"EXAMPLE-PASSWORD\",,,,,,2") == kError);
    CHECK(bench.run("AT+CWJAP=\"EXAMPLE-AP\",\"EXAMPLE-PASSWORD\",,,,,,601") == kError);
    CHECK(bench.clock().now() == start);
  }
}

TEST_CASE("an open network takes an empty password only") {
  Options options;
  options.access_points.push_back({"OPEN", Secret()});
  Bench bench(std::move(options));
  bench.run("AT+CWMODE=1");
  CHECK(bench.run("AT+CWJAP=\"OPEN\",\"\"") == kJoined);
}

TEST_CASE("AT+CWQAP leaves") {
  Bench bench;
  bench.run("AT+CWMODE=1");
  bench.run(kJoin);
  CHECK(bench.send("AT+CWQAP\r\n") == kOk);
  CHECK(bench.pass(Milliseconds(10)) == "WIFI DISCONNECT\r\n");
  CHECK(bench.run("AT+CWSTATE?") == "+CWSTATE:4,\"EXAMPLE-AP\"\r\n\r\nOK\r\n");
}

TEST_CASE("what is stored is joined after a restart, and lies in the flash") {
  Bench bench;
  bench.run("AT+CWMODE=1");
  bench.run(kJoin);
  CHECK(bench.send("AT+RST\r\n") == "\r\nOK\r\nWIFI DISCONNECT\r\n");
  CHECK(bench.pass(Milliseconds(1000)) == "\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n");
  CHECK(flash_holds(bench, "EXAMPLE-AP"));
  CHECK(flash_holds(bench, "EXAMPLE-PASSWORD"));
}

TEST_CASE("with AT+SYSSTORE=0 nothing of the Wi-Fi is in the flash") {
  Bench bench;
  bench.run("AT+SYSSTORE=0");
  bench.run("AT+CWMODE=1");
  CHECK(bench.run(kJoin) == kJoined);
  CHECK_FALSE(flash_holds(bench, "EXAMPLE-AP"));
  bench.send("AT+RST\r\n");
  CHECK(bench.pass(Milliseconds(20'000)) == "\r\nready\r\n");
  bench.send("ATE0\r\n");
  CHECK(bench.run("AT+CWMODE?") == "+CWMODE:0\r\n\r\nOK\r\n");
}

TEST_CASE("AT+RESTORE forgets the access point and restarts") {
  Bench bench;
  bench.run("AT+CWMODE=1");
  bench.run(kJoin);
  CHECK(bench.send("AT+RESTORE\r\n") == "\r\nOK\r\nWIFI DISCONNECT\r\n");
  CHECK(bench.pass(Milliseconds(1000)) == "\r\nready\r\n");
  CHECK_FALSE(flash_holds(bench, "EXAMPLE-AP"));
}

TEST_CASE("faults of a join") {
  Options options;
  SUBCASE("join-fails") {
    options.faults.add({Fault::join_fails, 1});
    Bench bench(std::move(options));
    bench.run("AT+CWMODE=1");
    CHECK(bench.run(kJoin + ",,,,,,3") == "+CWJAP:1\r\n\r\nERROR\r\n");
    CHECK(bench.run(kJoin + ",,,,,,3") == kJoined);
  }
  SUBCASE("join-code") {
    options.faults.add({Fault::join_code, 4});
    Bench bench(std::move(options));
    bench.run("AT+CWMODE=1");
    for (int i = 0; i < 2; ++i) CHECK(bench.run(kJoin + ",,,,,,3") == "+CWJAP:4\r\n\r\nERROR\r\n");
  }
  SUBCASE("brown-out") {
    options.faults.add({Fault::brown_out, 1});
    Bench bench(std::move(options));
    bench.run("AT+CWMODE=1");
    bench.run("AT+SYSSTORE=0");
    CHECK(bench.send(kJoin + "\r\n").empty());
    CHECK(bench.pass(Milliseconds(1000)) == "\r\nready\r\n");
    bench.run("ATE0");
    CHECK(bench.run(kJoin) == kJoined);
  }
}

}  // namespace atcert::emulator
