// SPDX-License-Identifier: Apache-2.0
// What a module that is identified says, for tests that need one on a scripted transport.
#pragma once

#include <string>
#include <vector>

#include "at/session.hpp"
#include "module/settings.hpp"
#include "support/scripted_transport.hpp"

namespace atcert::test {

inline const std::string kOk = "\r\nOK\r\n";
inline const std::string kError = "\r\nERROR\r\n";
inline const std::string kUnknown = "ERR CODE:0x01090000\r\n\r\nERROR\r\n";

inline const std::string kGmr24 =
    "AT version:2.4.0.0(4c6eb5e - ESP32 - May 20 2022 03:11:58)\r\nSDK version:v4.2.3\r\n"
    "compile time(5faf3a8):May 27 2022 06:51:17\r\nBin version:2.4.0(WROOM-32)\r\n";
inline const std::string kGmr33 =
    "AT version:3.3.0.0(3b13d04 - ESP32C3 - May  8 2024 08:21:45)\r\nSDK version:v5.0.6\r\n"
    "compile time(be332568):May  9 2024 02:34:18\r\nBin version:v3.3.0.0(MINI-1)\r\n";

inline const std::string kPartitions =
    "+SYSFLASH:\"ble_data\",64,1,0x21000,0x3000\r\n+SYSFLASH:\"mqtt_cert\",64,12,0x37000,0x2000\r\n"
    "+SYSFLASH:\"mqtt_key\",64,13,0x39000,0x2000\r\n+SYSFLASH:\"mqtt_ca\",64,14,0x3b000,0x2000\r\n"
    "+SYSFLASH:\"fatfs\",1,129,0x70000,0x90000\r\n";

// From synchronise() to AT+GMR, of a module with echo on and error codes off.
inline void expect_greeting(ScriptedTransport& module, const std::string& gmr) {
  module.on("AT\r\n", "AT\r\n" + kOk).on("ATE0\r\n", "ATE0\r\n" + kOk);
  module.on("AT+SYSLOG?\r\n", "+SYSLOG:0\r\n" + kOk).on("AT+SYSLOG=1\r\n", kOk).on("AT+GMR\r\n", gmr + kOk);
}

inline void expect_mqtt(ScriptedTransport& module) {
  module.on("AT+MQTTCONN?\r\n", "+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n" + kOk);
  module.on("AT+CIPSTAMAC?\r\n", "+CIPSTAMAC:\"02:00:00:00:00:42\"\r\n" + kOk);
}

inline void expect_nvs_module(ScriptedTransport& module) {
  expect_greeting(module, kGmr33);
  expect_mqtt(module);
  module.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", "+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",8\r\n" + kOk);
}

inline void expect_pki_module(ScriptedTransport& module) {
  expect_greeting(module, kGmr24);
  expect_mqtt(module);
  module.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", kUnknown).on("AT+SYSFLASH?\r\n", kPartitions + kOk);
}

// As a job has them before it asks further: reached, and with error codes.
inline module::Settings settings_of(at::Session& session) {
  module::Settings settings;
  REQUIRE(settings.reach(session));
  REQUIRE(settings.ask_for_error_codes(session));
  return settings;
}

}  // namespace atcert::test
