// SPDX-License-Identifier: Apache-2.0
#include "module/module.hpp"

#include <doctest/doctest.h>

#include "support/scripted_module.hpp"

namespace atcert::module {
namespace {

using namespace test;

struct Bench {
  VirtualClock clock;
  ScriptedTransport wire{clock};
  at::Session session{wire, clock, nullptr, {}};
};

}  // namespace

TEST_CASE("a module of 3.3 with mfg_nvs is identified and put back") {
  Bench bench;
  expect_nvs_module(bench.wire);
  const auto module = Module::identify(bench.session);
  REQUIRE(module);
  CHECK(to_string(module->identity().release) == "3.3.0.0");
  CHECK(module->generation() == image::Generation::nvs);
  CHECK(module->has_command("AT+MQTTSNI"));
  CHECK_FALSE(module->has_command("AT+MQTTALPN"));

  bench.wire.on("AT+SYSLOG=0\r\n", kOk).on("ATE1\r\n", kOk);
  CHECK(module->restore(bench.session));
}

TEST_CASE("a module of 2.4 stores in partitions, whose sizes are asked for") {
  Bench bench;
  expect_pki_module(bench.wire);
  const auto module = Module::identify(bench.session);
  REQUIRE(module);
  CHECK(module->generation() == image::Generation::pki);
  REQUIRE(module->partition("mqtt_key") != nullptr);
  CHECK(module->partition("mqtt_key")->size == 0x2000);
}

TEST_CASE("a new firmware on an old partition table has AT+SYSMFG, but stores in partitions") {
  Bench bench;
  expect_greeting(bench.wire, kGmr33);
  bench.wire.on("AT+CMD?\r\n", command_list({"AT+MQTTCONN", "AT+SYSMFG", "AT+SYSFLASH"}));
  bench.wire.on("AT+SYSMFG?\r\n", kError).on("AT+SYSFLASH?\r\n", kPartitions + kOk);
  const auto module = Module::identify(bench.session);
  REQUIRE(module);
  CHECK(module->generation() == image::Generation::pki);
}

TEST_CASE("where AT+CMD? is unknown each command is asked for, and a wrong form is no unknown command") {
  Bench bench;
  expect_greeting(bench.wire, "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)\r\n");
  bench.wire.on("AT+CMD?\r\n", kUnknown);
  const std::string wrong_form = "ERR CODE:0x010c0000\r\n\r\nERROR\r\n";
  for (const char* known : {"AT+CIPDOMAIN", "AT+CIPSNTPCFG"}) bench.wire.on(std::string(known) + "?\r\n", wrong_form);
  for (const char* unknown : {"AT+CWSTATE", "AT+MQTTALPN"}) bench.wire.on(std::string(unknown) + "?\r\n", kUnknown);
  bench.wire.on("AT+MQTTCONN?\r\n", "+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n" + kOk);
  for (const char* unknown : {"AT+MQTTLONGCLIENTID", "AT+MQTTSNI"}) {
    bench.wire.on(std::string(unknown) + "?\r\n", kUnknown);
  }
  bench.wire.on("AT+MQTTUSERCFG?\r\n", kError).on("AT+SYSFLASH?\r\n", kPartitions + kOk);
  bench.wire.on("AT+SYSMFG?\r\n", kUnknown).on("AT+SYSSTORE?\r\n", "+SYSSTORE:1\r\n" + kOk);
  bench.wire.on("AT+SYSTIMESTAMP?\r\n", "+SYSTIMESTAMP:0" + kOk);
  bench.wire.on("AT+SYSFLASH?\r\n", kPartitions + kOk);
  const auto module = Module::identify(bench.session);
  REQUIRE(module);
  CHECK(module->has_command("AT+CIPDOMAIN"));
  CHECK(module->has_command("AT+MQTTUSERCFG"));
  CHECK(module->has_command("AT+SYSTIMESTAMP"));
  CHECK_FALSE(module->has_command("AT+MQTTSNI"));
}

TEST_CASE("without error codes only a command that answers its query is known") {
  Bench bench;
  bench.wire.on("AT\r\n", kOk).on("AT\r\n", kOk).on("AT+SYSLOG?\r\n", kError);
  bench.wire.on("AT+GMR\r\n", "AT version:2.0.0.0(e44648c - Nov  4 2019 02:18:57)\r\n" + kOk);
  bench.wire.on("AT+CMD?\r\n", kError);
  for (const char* command : {"CIPDOMAIN", "CIPSNTPCFG", "CWSTATE", "MQTTALPN", "MQTTCONN", "MQTTLONGCLIENTID",
                              "MQTTSNI", "MQTTUSERCFG", "SYSFLASH", "SYSMFG", "SYSSTORE", "SYSTIMESTAMP"}) {
    const bool known = std::string_view(command) == "MQTTCONN" || std::string_view(command) == "SYSFLASH";
    bench.wire.on(std::string("AT+") + command + "?\r\n", known ? kOk : kError);
  }
  bench.wire.on("AT+SYSFLASH?\r\n", kPartitions + kOk);
  const auto module = Module::identify(bench.session);
  REQUIRE(module);
  CHECK(module->has_command("AT+MQTTCONN"));
  CHECK_FALSE(module->has_command("AT+SYSMFG"));
}

TEST_CASE("settings that were right already are neither changed nor put back") {
  Bench bench;
  bench.wire.on("AT\r\n", kOk).on("AT\r\n", kOk).on("AT+SYSLOG?\r\n", "+SYSLOG:1\r\n" + kOk);
  bench.wire.on("AT+GMR\r\n", kGmr33 + kOk).on("AT+CMD?\r\n", command_list({"AT+MQTTCONN", "AT+SYSMFG"}));
  bench.wire.on("AT+SYSMFG?\r\n", kOk);
  const auto module = Module::identify(bench.session);
  REQUIRE(module);
  CHECK(module->restore(bench.session));
}

TEST_CASE("NonOS AT is too old, and its echo comes back") {
  Bench bench;
  bench.wire.on("AT\r\n", "AT\r\n" + kOk).on("AT\r\n", "AT\r\n" + kOk).on("ATE0\r\n", "ATE0\r\n" + kOk);
  bench.wire.on("AT+SYSLOG?\r\n", kError);
  bench.wire.on("AT+GMR\r\n", "AT version:1.7.4.0(May 11 2020 19:13:04)\r\nSDK version:3.0.4(9532ceb)\r\nOK\r\n");
  bench.wire.on("ATE1\r\n", kOk);
  const auto module = Module::identify(bench.session);
  REQUIRE_FALSE(module);
  CHECK(module.error().kind == ErrorKind::module);
  CHECK(module.error().code == "firmware_too_old");
  CHECK(module.error().what.find("1.7.4.0") != std::string::npos);
}

TEST_CASE("a refused AT+GMR is an error with the module's own words") {
  Bench bench;
  bench.wire.on("AT\r\n", kOk).on("AT\r\n", kOk).on("AT+SYSLOG?\r\n", "+SYSLOG:1\r\n" + kOk);
  bench.wire.on("AT+GMR\r\n", "ERR CODE:0x010c0000\r\n" + kError);
  const auto module = Module::identify(bench.session);
  REQUIRE_FALSE(module);
  CHECK(module.error().code == "refused");
  CHECK(module.error().what.find("AT+GMR: ERR CODE:0x010c0000") != std::string::npos);
}

TEST_CASE("a module that falls silent while its settings are asked for is not asked further") {
  for (const std::string silent : {"ATE0\r\n", "AT+SYSLOG=1\r\n"}) {
    Bench bench;
    bench.wire.on("AT\r\n", "AT\r\n" + kOk).on("AT\r\n", "AT\r\n" + kOk);
    if (silent != "ATE0\r\n") {
      bench.wire.on("ATE0\r\n", "ATE0\r\n" + kOk).on("AT+SYSLOG?\r\n", "+SYSLOG:0\r\n" + kOk);
    }
    bench.wire.on(silent);
    const auto module = Module::identify(bench.session);
    REQUIRE_FALSE(module);
    CHECK(module.error().code == "no_answer");
    CHECK(module.error().kind == ErrorKind::no_module);
  }
}

TEST_CASE("a build without MQTT is named as one") {
  Bench bench;
  expect_greeting(bench.wire, kGmr33);
  bench.wire.on("AT+CMD?\r\n", command_list({"AT", "AT+SYSMFG"}));
  bench.wire.on("AT+SYSLOG=0\r\n", kOk).on("ATE1\r\n", kOk);
  const auto module = Module::identify(bench.session);
  REQUIRE_FALSE(module);
  CHECK(module.error().code == "no_mqtt");
}

TEST_CASE("a module with no place for credentials is refused with its own words") {
  Bench bench;
  expect_greeting(bench.wire, kGmr33);
  bench.wire.on("AT+CMD?\r\n", command_list({"AT+MQTTCONN", "AT+SYSMFG"}));
  bench.wire.on("AT+SYSMFG?\r\n", kError).on("AT+SYSFLASH?\r\n", "+SYSFLASH:\"fatfs\",1,129,0x70000,0x90000\r\n" + kOk);
  bench.wire.on("AT+SYSLOG=0\r\n", kOk).on("ATE1\r\n", kOk);
  const auto module = Module::identify(bench.session);
  REQUIRE_FALSE(module);
  CHECK(module.error().code == "no_store");
  CHECK(module.error().what.find("fatfs") != std::string::npos);
}

}  // namespace atcert::module
