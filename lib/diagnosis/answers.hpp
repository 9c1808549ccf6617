// SPDX-License-Identifier: Apache-2.0
// What the module's replies say, read into evidence: one function a command, forms as in the manuals "Wi-Fi AT
// Commands", "TCP-IP AT Commands", "MQTT AT Commands" and "Basic AT Commands" of all releases. What is not in the form
// is left unknown.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/outside.hpp"
#include "diagnosis/evidence.hpp"

namespace atcert::diagnosis {

using Lines = std::span<const OutsideText>;

// The number in "+CWMODE:1" and in "+CWSTATE:2,...": the first of the line that begins with `head`.
std::optional<std::int64_t> first_number(Lines lines, std::string_view head);

// +CWLAP:(<ecn>,<"ssid">,<rssi>,...), one a network: those named `ssid`, and one whose name is nearly that.
void read_networks(Lines lines, std::string_view ssid, Answers& answers);

// +CIPDOMAIN:"1.2.3.4", up to 2.1 without quotes. Empty when there is none.
std::string read_address(Lines lines);

// +CIPDNS:<enable>[,<"server">]...
std::vector<std::string> read_name_servers(Lines lines);

// +CIPSNTPTIME:<asctime>
void read_clock(Lines lines, WallTime now, Answers& answers);

// +MQTTCONN:<id>,<state>,<scheme>,...
void read_mqtt(Lines lines, Answers& answers);

// +ERRNO:0x<hex>, from 5.0
void read_socket_errors(Lines lines, Answers& answers);

}  // namespace atcert::diagnosis
