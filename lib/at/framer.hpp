// SPDX-License-Identifier: Apache-2.0
// Turns the bytes of an AT port into lines, prompts and counted payloads. Pure and incremental: any split of the same
// bytes gives the same events.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace atcert::at {

// A line without its CR LF; blank lines are not reported.
struct Line {
  std::string text;
};

// The `>` after which the module takes data.
struct Prompt {};

// A line whose value is length-prefixed raw bytes, which may hold line ends: +MQTTSUBRECV, +SYSFLASH, +SYSMFG,
// +CIPRECVDATA. The value may be a private key that is read back.
struct Counted {
  std::string head;  // up to and including the comma before the value: "+SYSFLASH:1200,"
  Secret value;
};

using Event = std::variant<Line, Prompt, Counted>;

}  // namespace atcert::at
