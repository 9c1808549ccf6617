// SPDX-License-Identifier: Apache-2.0
// What differs between the releases of ESP-AT and between the modules it runs on. Sources: the AT command documents and
// the strings of the core libraries at the release tags, and factory_param_data.csv.
#pragma once

#include <string>

#include "emulator/options.hpp"
#include "image/layout.hpp"

namespace atcert::emulator {

struct ModuleKind {
  std::string name;      // "ESP32-C3-MINI-1"
  std::string chip;      // as AT+GMR has it: "ESP32C3"
  std::string gmr_name;  // in its Bin version line: "MINI-1"
  bool keeps_time;       // the clock survives a restart
  bool checks_dates;     // of the server's certificate
};

ModuleKind module_kind(const image::ModuleKind& module);

struct Features {
  bool link_state;              // AT+CIPSTATE?: from 2.4
  bool auto_connect_query;      // AT+CWAUTOCONN?: from 4.1
  bool ping_timeout;            // +PING:TIMEOUT: from 2.2; before, +timeout
  bool store_switch;            // AT+SYSSTORE: from 2.1
  bool join_fields;             // a ninth field in +CWJAP, eleven in +CWLAP: from 2.2; before, 8 and 5
  bool chip_in_version;         // AT+GMR names the chip: from 2.2
  bool command_list;            // AT+CMD?, AT+CWSTATE?: from 2.2
  bool hhmm_time_zone;          // AT+CIPSNTPCFG takes 530 for +05:30: from 2.2
  bool quoted_domain;           // +CIPDOMAIN:"1.2.3.4": from 2.2
  bool sntp_interval;           // AT+CIPSNTPINTV: from 2.3, not on ESP8266
  bool reset_modes;             // AT+RST=<mode>: from 3.1, on C2 and C3
  bool mqtt_alpn;               // from 2.3, not on ESP8266
  bool mqtt_long;               // AT+MQTTLONGCLIENTID and its like: from 3.0
  bool time_updated;            // +TIME_UPDATED: from 3.0
  bool sysmfg;                  // from 3.1
  bool mqtt_sni;                // from 3.3
  bool domain_timeout;          // third parameter of AT+CIPDOMAIN: from 4.1
  bool mqtt_timeout;            // timeout_ms on the MQTT commands: from 5.0
  bool suback_checked;          // AT+MQTTSUB fails if the broker refuses: from 5.0
  std::size_t last_will_limit;  // of the message
  std::size_t mqtt_buffer;      // of esp-mqtt; a message that is longer comes in pieces
};

Features features_of(const ModuleKind& kind, const image::Release& release);

// The lines of AT+GMR with their line ends.
std::string version_text(const ModuleKind& kind, const image::Release& release);

}  // namespace atcert::emulator
