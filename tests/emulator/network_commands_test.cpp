// SPDX-License-Identifier: Apache-2.0
// Replies in the forms of ESP-AT's Wi-Fi, TCP/IP and Basic AT Commands.
#include "emulator/network_commands.hpp"

#include "bench.hpp"

namespace atcert::emulator {
namespace {

void join(Bench& bench) {
  bench.run("AT+CWMODE=1");
  bench.run("AT+CWJAP=\"EXAMPLE-AP\",\"EXAMPLE-PASSWORD\"");
}

}  // namespace

TEST_CASE("addresses are zero until DHCP has given one") {
  Bench bench;
  CHECK(bench.run("AT+CIFSR") == kOk);
  CHECK(bench.run("AT+CIPSTA?") == kError);
  bench.run("AT+CWMODE=1");
  CHECK(bench.run("AT+CIPSTA?") ==
        "+CIPSTA:ip:\"0.0.0.0\"\r\n+CIPSTA:gateway:\"0.0.0.0\"\r\n+CIPSTA:netmask:\"0.0.0.0\"\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CIFSR") == "+CIFSR:STAIP,\"0.0.0.0\"\r\n+CIFSR:STAMAC,\"02:00:00:00:00:42\"\r\n\r\nOK\r\n");
  join(bench);
  CHECK(bench.run("AT+CIPSTA?") ==
        "+CIPSTA:ip:\"192.168.31.42\"\r\n+CIPSTA:gateway:\"192.168.31.1\"\r\n"
        "+CIPSTA:netmask:\"255.255.255.0\"\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CIPSTAMAC?") == "+CIPSTAMAC:\"02:00:00:00:00:42\"\r\n\r\nOK\r\n");
}

TEST_CASE("the access point has an address of its own") {
  Bench bench;
  bench.run("AT+CWMODE=3");
  CHECK(
      bench.run("AT+CIPAP?") ==
      "+CIPAP:ip:\"192.168.4.1\"\r\n+CIPAP:gateway:\"192.168.4.1\"\r\n+CIPAP:netmask:\"255.255.255.0\"\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CIPAPMAC?") == "+CIPAPMAC:\"02:00:00:00:00:43\"\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CIFSR").starts_with("+CIFSR:APIP,\"192.168.4.1\"\r\n+CIFSR:APMAC,"));
  bench.run("AT+CWMODE=1");
  CHECK(bench.run("AT+CIPAP?") == kError);
}

TEST_CASE("AT+CWDHCP switches a bit for each interface") {
  Bench bench;
  CHECK(bench.run("AT+CWDHCP?") == "+CWDHCP:3\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CWDHCP=0,1") == kOk);
  CHECK(bench.run("AT+CWDHCP?") == "+CWDHCP:2\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CWDHCP=1,3") == kOk);
  CHECK(bench.run("AT+CWDHCP?") == "+CWDHCP:3\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CWDHCP=1") == kError);
}

TEST_CASE("AT+CWHOSTNAME is of the station, and forgotten at a restart") {
  Bench bench;
  CHECK(bench.run("AT+CWHOSTNAME=\"my_test\"") == kError);
  bench.run("AT+CWMODE=3");
  CHECK(bench.run("AT+CWHOSTNAME=\"my_test\"") == kOk);
  CHECK(bench.run("AT+CWHOSTNAME?") == "+CWHOSTNAME:my_test\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CWHOSTNAME=\"\"") == kError);
  CHECK(bench.run("AT+CWHOSTNAME=\"" + std::string(33, 'a') + "\"") == kError);
  CHECK(bench.run("AT+CWHOSTNAME=\"" + std::string(32, 'a') + "\"") == kOk);
  bench.run("AT+RST");
  bench.pass(Milliseconds(2000));
  CHECK(bench.run("AT+CWHOSTNAME?").find("+CWHOSTNAME:espressif\r\n") != std::string::npos);
}

TEST_CASE("AT+CIPDNS shows what DHCP gave or what was set, which must differ") {
  Bench bench;
  CHECK(bench.run("AT+CIPDNS?") == "+CIPDNS:0,\"208.67.222.222\",\"8.8.8.8\"\r\n\r\nOK\r\n");
  join(bench);
  CHECK(bench.run("AT+CIPDNS?") == "+CIPDNS:0,\"192.168.31.1\"\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CIPDNS=1,\"208.67.222.222\",\"114.114.114.114\",\"8.8.8.8\"") == kOk);
  CHECK(bench.run("AT+CIPDNS?") == "+CIPDNS:1,\"208.67.222.222\",\"114.114.114.114\",\"8.8.8.8\"\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CIPDNS=1,\"8.8.8.8\",\"8.8.8.8\"") == kError);
  CHECK(bench.run("AT+CIPDNS=1,\"a.example\"") == kError);
  CHECK(bench.run("AT+CIPDNS=0") == kOk);
}

TEST_CASE("a stored access point is joined at the start only while AT+CWAUTOCONN=1") {
  Bench bench;
  join(bench);
  CHECK(bench.run("AT+CWAUTOCONN=0") == kOk);
  bench.send("AT+RST\r\n");
  CHECK(bench.pass(std::chrono::seconds(20)) == "\r\nready\r\n");
  bench.send("ATE0\r\n");
  CHECK(bench.run("AT+CWAUTOCONN?") == kError);
  Bench newer(Bench::of(image::Generation::nvs));
  CHECK(newer.run("AT+CWAUTOCONN?") == "+CWAUTOCONN:1\r\n\r\nOK\r\n");
}

TEST_CASE("AT+CWLAPOPT chooses the fields and the networks of AT+CWLAP") {
  Bench bench;
  bench.run("AT+CWMODE=1");
  CHECK(bench.run("AT+CWLAPOPT=1,31") == kOk);
  CHECK(bench.run("AT+CWLAP") == "+CWLAP:(3,\"EXAMPLE-AP\",-48,\"02:00:00:00:aa:44\",6)\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CWLAPOPT=1,2,-40") == kOk);
  CHECK(bench.run("AT+CWLAP") == kOk);
  CHECK(bench.run("AT+CWLAPOPT=1,2,-100,1") == kOk);
  CHECK(bench.run("AT+CWLAP") == kOk);
  CHECK(bench.run("AT+CWLAPOPT=1,2,-100,8") == kOk);
  CHECK(bench.run("AT+CWLAP") == "+CWLAP:(\"EXAMPLE-AP\")\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CWLAPOPT=2,31") == kError);
}

TEST_CASE("AT+PING answers for what resolves") {
  Options options;
  options.resolved.push_back({"here.example", {"127.0.0.1", 1}});
  options.unresolved.push_back("gone.example");
  Bench bench(std::move(options));
  join(bench);
  CHECK(bench.run("AT+PING=\"HERE.example\"") == "+PING:1\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+PING=\"gone.example\"") == "+PING:TIMEOUT\r\n\r\nERROR\r\n");
  CHECK(bench.run("AT+CIPDOMAIN=\"here.example\"") == "+CIPDOMAIN:\"127.0.0.1\"\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CIPDOMAIN=\"gone.example\"") == kError);
  CHECK(bench.run("AT+CIPDOMAIN=\"192.0.2.7\"") == "+CIPDOMAIN:\"192.0.2.7\"\r\n\r\nOK\r\n");
  Bench old(Bench::of_release(2, 1));
  join(old);
  CHECK(old.run("AT+PING=\"gone.example\"") == "+timeout\r\n\r\nERROR\r\n");
}

TEST_CASE("AT+CIPSTATUS tells the station's state") {
  Bench bench;
  CHECK(bench.run("AT+CIPSTATUS") == "STATUS:0\r\n\r\nOK\r\n");
  bench.run("AT+CWMODE=1");
  CHECK(bench.run("AT+CIPSTATUS") == "STATUS:1\r\n\r\nOK\r\n");
  join(bench);
  CHECK(bench.run("AT+CIPSTATUS") == "STATUS:2\r\n\r\nOK\r\n");
  bench.run("AT+CWQAP");
  bench.pass(Milliseconds(10));
  CHECK(bench.run("AT+CIPSTATUS") == "STATUS:5\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+CIPSTATE?") == kOk);
  CHECK(Bench(Bench::of_release(2, 1)).run("AT+CIPSTATE?") == kError);
}

TEST_CASE("AT+SYSMSG, AT+SLEEP and AT+RFPOWER keep what they are given, in their ranges") {
  Bench bench;
  CHECK(bench.run("AT+SYSMSG?") == "+SYSMSG:0\r\nOK\r\n");
  CHECK(bench.run("AT+SYSMSG=2") == kOk);
  CHECK(bench.run("AT+SYSMSG?") == "+SYSMSG:2\r\nOK\r\n");
  CHECK(bench.run("AT+SYSMSG=8") == kError);
  CHECK(bench.run("AT+SLEEP=0") == kOk);
  CHECK(bench.run("AT+SLEEP?") == "+SLEEP:0\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+SLEEP=4") == kError);
  CHECK(bench.run("AT+RFPOWER=60") == kOk);
  CHECK(bench.run("AT+RFPOWER?").starts_with("+RFPOWER:60,"));
  CHECK(bench.run("AT+RFPOWER=60,1,2,3") == kOk);
  CHECK(bench.run("AT+RFPOWER?") == "+RFPOWER:60,1,2,3\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+RFPOWER=39") == kError);
  CHECK(bench.run("AT+RFPOWER=60,8,2,3") == kError);
}

TEST_CASE("AT+UART_DEF outlives a restart, AT+UART_CUR does not, and AT+RESTORE undoes both") {
  Bench bench;
  CHECK(bench.run("AT+UART_DEF=9600,8,1,0,0") == kOk);
  CHECK(bench.module().uart().baud_rate == 9600);
  CHECK(bench.run("AT+UART_CUR=230400,8,1,0,0") == kOk);
  bench.send("AT+RST\r\n");
  bench.pass(std::chrono::seconds(1));
  bench.send("ATE0\r\n");
  CHECK(bench.run("AT+UART_CUR?") == "+UART_CUR:9600,8,1,0,0\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+UART?") == "+UART:9600,8,1,0,0\r\n\r\nOK\r\n");
  bench.send("AT+RESTORE\r\n");
  bench.pass(std::chrono::seconds(1));
  bench.send("ATE0\r\n");
  CHECK(bench.run("AT+UART_DEF?") == "+UART_DEF:115200,8,1,0,0\r\n\r\nOK\r\n");
}

}  // namespace atcert::emulator
