// SPDX-License-Identifier: Apache-2.0
// What a line from the module is: a result, an event of the dialogue, an unsolicited line, or part of a reply. The
// texts are those of the ESP-AT core libraries (all releases since 2.0; FAIL is NonOS AT 1.x).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace atcert::at {

enum class LineKind {
  ok,              // OK, SEND OK
  error,           // ERROR, FAIL, SEND FAIL, SEND Canceled
  published,       // +MQTTPUB:OK
  publish_failed,  // +MQTTPUB:FAIL
  busy,            // busy p...: a line came while a command ran; never a result
  ready,           // the module has started
  restarting,      // Will force to restart!!!
  error_code,      // ERR CODE:0x........
  unsolicited,     // WIFI ..., +MQTTDISCONNECTED:0, 0,CLOSED and the like
  other,
};

LineKind kind_of(std::string_view line);

// The number of an ERR CODE line.
std::optional<std::uint32_t> error_code_of(std::string_view line);

// Where in an unfinished line another one begins that nobody asked for: some replies end without a line end of their
// own ("\r\nOK" follows), so that what the module says in between stands right behind them.
std::optional<std::size_t> glued_at(std::string_view line);

// Whether the head of a counted payload is of one that nobody asked for (+MQTTSUBRECV, +IPD).
bool is_unsolicited_head(std::string_view head);

}  // namespace atcert::at
