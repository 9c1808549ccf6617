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

  Result<Module> identify() { return Module::identify(session, settings_of(session)); }
};

bool has(Module& module, Bench& bench, std::string_view command) {
  const auto known = module.has_command(bench.session, command);
  REQUIRE(known);
  return *known;
}

// Of a module without echo, whose error codes are on or unknown to it.
void expect_quiet_module(Bench& bench, const std::string& syslog) {
  bench.wire.on("AT\r\n", kOk).on("ATE0\r\n", kOk).on("AT+SYSLOG?\r\n", syslog);
}

const std::string kCodesOn = "+SYSLOG:1\r\n" + kOk;
const std::string kWrongForm = "ERR CODE:0x010c0000\r\n" + kError;

}  // namespace

TEST_CASE("a module of 3.3 with mfg_nvs is identified by what it is asked, and its commands are not listed") {
  Bench bench;
  expect_nvs_module(bench.wire);
  const auto module = bench.identify();
  REQUIRE(module);
  CHECK(to_string(module->identity().release) == "3.3.0.0");
  CHECK(module->generation() == image::Generation::nvs);
  CHECK(module->mac() == "02:00:00:00:00:42");
}

TEST_CASE("a module of 2.4 stores in partitions, whose sizes are asked for") {
  Bench bench;
  expect_pki_module(bench.wire);
  const auto module = bench.identify();
  REQUIRE(module);
  CHECK(module->generation() == image::Generation::pki);
  REQUIRE(module->partition("mqtt_key") != nullptr);
  CHECK(module->partition("mqtt_key")->size == 0x2000);
}

TEST_CASE("mfg_nvs without the slot is told by its other namespaces") {
  Bench bench;
  expect_greeting(bench.wire, kGmr33);
  expect_mqtt(bench.wire);
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", kError);
  bench.wire.on("AT+SYSMFG?\r\n", "+SYSMFG:\"factory_param\"\r\n" + kOk);
  const auto module = bench.identify();
  REQUIRE(module);
  CHECK(module->generation() == image::Generation::nvs);
}

TEST_CASE("a new firmware on an old partition table has AT+SYSMFG, but stores in partitions") {
  Bench bench;
  expect_greeting(bench.wire, kGmr33);
  expect_mqtt(bench.wire);
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", kError);
  bench.wire.on("AT+SYSMFG?\r\n", kError).on("AT+SYSFLASH?\r\n", kPartitions + kOk);
  const auto module = bench.identify();
  REQUIRE(module);
  CHECK(module->generation() == image::Generation::pki);
}

TEST_CASE("a command is asked for once, when it is needed, and a wrong form is no unknown command") {
  Bench bench;
  expect_nvs_module(bench.wire);
  auto module = bench.identify();
  REQUIRE(module);
  bench.wire.on("AT+MQTTSNI?\r\n", kOk).on("AT+CIPDOMAIN?\r\n", kWrongForm).on("AT+MQTTALPN?\r\n", kUnknown);
  bench.wire.on("AT+CWSTATE?\r\n", kError);
  for (int i = 0; i < 2; ++i) {
    CHECK(has(*module, bench, "AT+MQTTSNI"));
    CHECK(has(*module, bench, "AT+CIPDOMAIN"));
    CHECK_FALSE(has(*module, bench, "AT+MQTTALPN"));
    CHECK(has(*module, bench, "AT+CWSTATE"));
  }
  CHECK(has(*module, bench, "AT+MQTTCONN"));
}

TEST_CASE("without error codes only a command that answers its query is known") {
  Bench bench;
  expect_quiet_module(bench, kError);
  bench.wire.on("AT+GMR\r\n", "AT version:2.0.0.0(e44648c - Nov  4 2019 02:18:57)\r\n" + kOk);
  bench.wire.on("AT+MQTTCONN?\r\n", kOk).on("AT+CIPSTAMAC?\r\n", kError);
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", kError).on("AT+SYSMFG?\r\n", kError);
  bench.wire.on("AT+SYSFLASH?\r\n", kPartitions + kOk);
  auto module = bench.identify();
  REQUIRE(module);
  CHECK(module->mac().empty());
  bench.wire.on("AT+SYSSTORE?\r\n", kError);
  CHECK_FALSE(has(*module, bench, "AT+SYSSTORE"));
}

TEST_CASE("a module that falls silent when it is asked for a command is an error, not a missing command") {
  Bench bench;
  expect_nvs_module(bench.wire);
  auto module = bench.identify();
  REQUIRE(module);
  bench.wire.on("AT+MQTTSNI?\r\n").on("AT\r\n");
  const auto known = module->has_command(bench.session, "AT+MQTTSNI");
  REQUIRE_FALSE(known);
  CHECK(known.error().kind == ErrorKind::no_module);
}

TEST_CASE("only a whole MAC address is one") {
  for (const std::string said : {"+CIPSTAMAC:\"02:00:00:00:00:4\"", "+CIPSTAMAC:\"02:00:00:00:00:4g\"",
                                 "+CIPSTAMAC:\"02-00-00-00-00-42\"", "+CIPAPMAC:\"02:00:00:00:00:42\""}) {
    Bench bench;
    expect_greeting(bench.wire, kGmr33);
    bench.wire.on("AT+MQTTCONN?\r\n", kOk).on("AT+CIPSTAMAC?\r\n", said + "\r\n" + kOk);
    bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", kOk);
    const auto module = bench.identify();
    REQUIRE(module);
    CHECK(module->mac().empty());
  }
}

TEST_CASE("NonOS AT is too old") {
  Bench bench;
  expect_quiet_module(bench, kError);
  bench.wire.on("AT+GMR\r\n", "AT version:1.7.4.0(May 11 2020 19:13:04)\r\nSDK version:3.0.4(9532ceb)\r\nOK\r\n");
  const auto module = bench.identify();
  REQUIRE_FALSE(module);
  CHECK(module.error().kind == ErrorKind::module);
  CHECK(module.error().code == "firmware_too_old");
  CHECK(module.error().what.find("1.7.4.0") != std::string::npos);
}

TEST_CASE("a refused AT+GMR is an error with the module's own words") {
  Bench bench;
  expect_quiet_module(bench, kCodesOn);
  bench.wire.on("AT+GMR\r\n", kWrongForm);
  const auto module = bench.identify();
  REQUIRE_FALSE(module);
  CHECK(module.error().code == "refused");
  CHECK(module.error().what.find("AT+GMR: ERR CODE:0x010c0000") != std::string::npos);
}

TEST_CASE("a build without MQTT is named as one") {
  Bench bench;
  expect_greeting(bench.wire, kGmr33);
  bench.wire.on("AT+MQTTCONN?\r\n", kUnknown);
  const auto module = bench.identify();
  REQUIRE_FALSE(module);
  CHECK(module.error().code == "no_mqtt");
}

TEST_CASE("a module with no place for credentials is refused with its own words") {
  Bench bench;
  expect_greeting(bench.wire, kGmr33);
  expect_mqtt(bench.wire);
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", kError).on("AT+SYSMFG?\r\n", kError);
  bench.wire.on("AT+SYSFLASH?\r\n", "+SYSFLASH:\"fatfs\",1,129,0x70000,0x90000\r\n" + kOk);
  const auto module = bench.identify();
  REQUIRE_FALSE(module);
  CHECK(module.error().code == "no_store");
  CHECK(module.error().what.find("fatfs") != std::string::npos);
}

}  // namespace atcert::module
