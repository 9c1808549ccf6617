// SPDX-License-Identifier: Apache-2.0
// Replies as in ESP-AT's Basic AT Commands, the strings of the core libraries and published logs.
#include "emulator/basic_commands.hpp"

#include "bench.hpp"

namespace atcert::emulator {

TEST_CASE("AT+GMR looks as the release has it") {
  SUBCASE("4.1.1.0 on a C3: the log of espressif/esp-at#993") {
    Bench bench(Bench::of(image::Generation::nvs, "ESP32-C3-MINI-1"));
    CHECK(bench.send("AT+GMR\r\n") ==
          "AT version:4.1.1.0(ba4dd0e - ESP32C3 - Jul 31 2025 08:38:07)\r\n"
          "SDK version:v5.4.1-643-g8ad0d3d8f2-dirty\r\n"
          "compile time(7c092f9a):Aug  1 2025 05:35:19\r\n"
          "Bin version:v4.1.1.0(MINI-1)\r\n\r\nOK\r\n");
  }
  SUBCASE("2.4.0.0 has the commit and time of its library, and three numbers in the Bin version") {
    const std::string reply = Bench().send("AT+GMR\r\n");
    CHECK(reply.starts_with("AT version:2.4.0.0(4c6eb5e - ESP32 - May 20 2022 03:11:58)\r\nSDK version:"));
    CHECK(reply.ends_with("Bin version:2.4.0(WROOM-32)\r\n\r\nOK\r\n"));
  }
  SUBCASE("before 2.2 no chip is named") {
    const std::string reply = Bench(Bench::of_release(2, 1)).send("AT+GMR\r\n");
    CHECK(reply.starts_with("AT version:2.1.0.0(883f7f2 - Jul 24 2020 11:50:07)\r\n"));
  }
  SUBCASE("the core library is that of the tag and the chip, and the Bin version has a v and four numbers from 3.2") {
    const auto reply = [](const std::string& module, std::uint16_t major, std::uint16_t minor, std::uint16_t patch) {
      Options options = Bench::of_release(major, minor);
      options.release.numbers[2] = patch;
      options.module = module;
      return Bench(std::move(options)).send("AT+GMR\r\n");
    };
    CHECK(reply("ESP32-WROOM-32", 2, 2, 0).starts_with("AT version:2.2.0.0(c6fa6bf - ESP32 - Jul  2 2021 06:44:05)"));
    CHECK(reply("ESP32-C2-4MB", 3, 0, 0).starts_with("AT version:3.0.0.0(478a3d0 - ESP32C2 - Nov 25 2022 06:57:40)"));
    CHECK(
        reply("ESP32-C3-MINI-1", 3, 3, 0).starts_with("AT version:3.3.0.0(3b13d04 - ESP32C3 - May  8 2024 08:21:54)"));
    CHECK(reply("ESP32-C6-4MB", 4, 0, 0).starts_with("AT version:4.0.0.0(3fe3806 - ESP32C6 - Dec 29 2023 11:10:21)"));
    CHECK(reply("ESP32-WROOM-32", 3, 2, 0).find("\r\nBin version:v3.2.0.0(WROOM-32)\r\n") != std::string::npos);
  }
}

TEST_CASE("AT+SYSRAM? has no line end of its own") {
  CHECK(Bench().send("AT+SYSRAM?\r\n") == "+SYSRAM:166096,147832\r\nOK\r\n");
}

TEST_CASE("settings of a run are queried and checked, and gone after AT+RST") {
  Bench bench;
  CHECK(bench.send("AT+SYSSTORE?\r\n") == "+SYSSTORE:1\r\n\r\nOK\r\n");
  CHECK(bench.send("AT+SYSSTORE=0\r\n") == kOk);
  CHECK(bench.send("AT+SYSSTORE?\r\n") == "+SYSSTORE:0\r\n\r\nOK\r\n");
  CHECK(bench.send("AT+SYSSTORE=2\r\n") == kError);
  CHECK(bench.send("AT+SYSLOG=2\r\n") == kError);
  CHECK(bench.send("AT+RST\r\n") == kOk);
  CHECK(bench.send("AT\r\n").empty());  // not there yet
  CHECK(bench.pass(Milliseconds(1000)) == "\r\nready\r\n");
  CHECK(bench.send("AT+SYSSTORE?\r\n") == "AT+SYSSTORE?\r\n+SYSSTORE:1\r\n\r\nOK\r\n");
}

TEST_CASE("AT+SYSSTORE came with 2.1") {
  CHECK(Bench(Bench::of_release(2, 0)).send("AT+SYSSTORE=0\r\n") == kError);
  CHECK(Bench(Bench::of_release(2, 1)).send("AT+SYSSTORE=0\r\n") == kOk);
}

TEST_CASE("AT+UART_CUR takes five parameters in their ranges") {
  Bench bench;
  CHECK(bench.send("AT+UART_CUR=921600,8,1,0,0\r\n") == kOk);
  CHECK(bench.module().uart().baud_rate == 921600);
  CHECK(bench.send("AT+UART_CUR=79,8,1,0,0\r\n") == kError);
  CHECK(bench.send("AT+UART_CUR=115200,9,1,0,0\r\n") == kError);
  CHECK(bench.send("AT+UART_CUR=115200,8,1,0\r\n") == kError);
  CHECK(bench.send("AT+UART_CUR=115200,8,1,0,0,0\r\n") == kError);
  CHECK(bench.module().uart().baud_rate == 921600);
}

TEST_CASE("AT+UART_CUR? answers the divided rate, AT+UART_DEF? the one that was set") {
  Bench bench;
  // 80 MHz * 16 / 11111 (ESP-IDF, uart_ll_get_baudrate).
  CHECK(bench.send("AT+UART_CUR?\r\n") == "+UART_CUR:115201,8,1,0,0\r\n\r\nOK\r\n");
  CHECK(bench.send("AT+UART?\r\n") == "+UART:115201,8,1,0,0\r\n\r\nOK\r\n");
  CHECK(bench.send("AT+UART_DEF?\r\n") == "+UART_DEF:115200,8,1,0,0\r\n\r\nOK\r\n");
  bench.send("AT+UART_CUR=921600,8,3,2,3\r\n");
  CHECK(bench.send("AT+UART_CUR?\r\n") == "+UART_CUR:922190,8,3,2,3\r\n\r\nOK\r\n");
  CHECK(bench.send("AT+UART_DEF?\r\n") == "+UART_DEF:115200,8,1,0,0\r\n\r\nOK\r\n");
}

TEST_CASE("a chip takes no rate above its own limit") {
  CHECK(Bench().send("AT+UART_CUR=5000000,8,1,0,0\r\n") == kOk);
  CHECK(Bench().send("AT+UART_CUR=5000001,8,1,0,0\r\n") == kError);
  Bench small(Bench::of(image::Generation::nvs, "ESP32-C2-2MB"));
  CHECK(small.send("AT+UART_CUR=2500001,8,1,0,0\r\n") == kError);
  CHECK(small.send("AT+UART_CUR=2500000,8,1,0,0\r\n") == kOk);
}

TEST_CASE("AT+UART_CUR lasts until a restart, AT+UART_DEF until AT+RESTORE") {
  Bench bench;
  bench.send("AT+UART_CUR=9600,8,1,0,0\r\n");
  bench.send("AT+RST\r\n");
  bench.pass(Milliseconds(1000));
  CHECK(bench.module().uart() == Uart{});
  const Uart wanted{.baud_rate = 921600, .data_bits = 7, .stop_bits = 2, .parity = 1, .flow_control = 3};
  CHECK(bench.send("AT+SYSSTORE=0\r\n").ends_with(kOk));
  CHECK(bench.send("AT+UART_DEF=921600,7,2,1,3\r\n").ends_with(kOk));
  CHECK(bench.module().uart() == wanted);
  bench.send("AT+RST\r\n");
  CHECK(bench.module().uart() == wanted);
  bench.pass(Milliseconds(1000));
  bench.send("AT+RESTORE\r\n");
  CHECK(bench.module().uart() == Uart{});
}

TEST_CASE("AT+CMD? lists what the release has, from 2.2 on") {
  Bench bench(Bench::of(image::Generation::nvs));
  const std::string list = bench.send("AT+CMD?\r\n");
  CHECK(list.starts_with("+CMD:0,\"AT\",0,0,0,1\r\n"));
  CHECK(list.find("\"AT+MQTTSNI\",0,0,1,0\r\n") != std::string::npos);
  CHECK(list.find("\"AT+SYSMFG\",0,1,1,0\r\n") != std::string::npos);
  CHECK(list.find("\"AT+CWJAP\",0,1,1,1\r\n") != std::string::npos);
  CHECK(Bench(Bench::of_release(2, 1)).send("AT+CMD?\r\n") == kError);
  const std::string old_list = Bench().send("AT+CMD?\r\n");
  CHECK(old_list.find("AT+MQTTSNI") == std::string::npos);
  CHECK(old_list.find("AT+SYSMFG") == std::string::npos);
  CHECK(old_list.find("AT+MQTTLONGCLIENTID") == std::string::npos);
  CHECK(old_list.find("AT+MQTTALPN") != std::string::npos);
}

TEST_CASE("AT+RST=1 switches a C3 of 3.1 and later into download mode") {
  Bench bench(Bench::of(image::Generation::nvs, "ESP32-C3-MINI-1"));
  CHECK(bench.send("AT+RST=1\r\n") == kOk);
  CHECK(bench.pass(std::chrono::hours(1)).empty());
  CHECK(Bench().send("AT+RST=1\r\n") == kError);
}

TEST_CASE("a module and a release that never met are refused") {
  FlashMemory flash;
  const TestClock clock;
  Options options;
  SUBCASE("unknown module") {
    options.module = "ESP-01";
    const auto made = Module::create(std::move(options), flash, clock, {});
    REQUIRE(!made.ok());
    CHECK(made.error().code == "module_unknown");
  }
  SUBCASE("the C6 came with 3.2") {
    options.module = "ESP32-C6-4MB";
    const auto made = Module::create(std::move(options), flash, clock, {});
    REQUIRE(!made.ok());
    CHECK(made.error().code == "release_unknown");
  }
}

TEST_CASE("other modules have their own names, layouts and limits") {
  Bench bench(Bench::of(image::Generation::nvs, "ESP32-C2-2MB"));
  CHECK(bench.send("AT+GMR\r\n").find("Bin version:v4.1.1.0(ESP32C2-2MB)\r\n") != std::string::npos);
  CHECK(bench.send("AT+SYSFLASH?\r\n").find("\"mfg_nvs\",1,2,0x1b000,0xf000\r\n") != std::string::npos);
  bench.send("AT+SYSTIMESTAMP=1642623190\r\n");
  bench.send("AT+RST\r\n");
  bench.pass(Milliseconds(1000));
  CHECK(bench.send("AT+SYSTIMESTAMP?\r\n").find("+SYSTIMESTAMP:1\r\n") != std::string::npos);  // a C2 forgets it
  Options options = Bench::of(image::Generation::pki, "ESP-WROOM-02");
  options.release = {{2, 2, 0, 0}};
  Bench old_chip(std::move(options));
  CHECK(old_chip.send("AT+GMR\r\n").find(" - ESP8266 - ") != std::string::npos);
  CHECK(old_chip.send("AT+MQTTALPN=0,0\r\n") == kError);
}

TEST_CASE("the fault log-text puts the boot log on the AT port") {
  Options options;
  options.faults.add(Fault::log_text);
  const Bench bench(std::move(options));
  CHECK(bench.boot_text().starts_with("ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET)"));
  CHECK(bench.boot_text().ends_with("\r\nready\r\n"));
}

}  // namespace atcert::emulator
