// SPDX-License-Identifier: Apache-2.0
// What the firmware's error codes mean ("AT Error Codes" in the manual of AT+SYSLOG, "AT MQTT Error Codes" in that of
// the MQTT commands), and the Error for a command that was refused. A code is 0x01SSXXXX: a class SS and its extension.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "at/exchange.hpp"
#include "base/result.hpp"

namespace atcert::at {

inline constexpr std::uint32_t kNotSupported = 0x01090000;

// A few words: "parameter 2 has a wrong value". Some codes mean different things in different commands.
std::string explain(std::uint32_t code, std::string_view command);

// The module took the line for none of its commands: it did not begin with AT, or had no line end (classes 02 and 03).
// So bytes were lost or added on the way, and nothing was run.
bool arrived_damaged(const Reply& reply);

// The module answered `command` with ERROR: its words, and as cause what its codes mean, the root first.
Error refusal(std::string_view command, const Reply& reply);

}  // namespace atcert::at
