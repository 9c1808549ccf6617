// SPDX-License-Identifier: Apache-2.0
// The heads of lines whose value is a counted run of raw bytes (formats of the ESP-AT core libraries):
//   +MQTTSUBRECV:<link>,"<topic>",<n>,            +SYSFLASH:<n>,
//   +SYSMFG:"<namespace>","<key>",<type>,<n>,     only of type 7 (string) and 8 (binary)
//   +CIPRECVDATA:<n>,  or  +CIPRECVDATA:<n>,"<address>",<port>,
//   +IPD,[<link>,]<n>: or  +IPD,[<link>,]<n>,"<address>",<port>:
// Integers in +SYSMFG (types 1 to 6) carry a size too, but of the integer and not of its text: they stay lines.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace atcert::at {

// Nothing larger is asked for or sent by the firmware; a larger number is line noise.
inline constexpr std::size_t kMaxCounted = 65'536;

// The size of the payload that begins right after `head`; nothing when `head` is no such head.
std::optional<std::size_t> counted_size(std::string_view head);

// Whether `head` is "+CIPRECVDATA:<n>,", where the next byte decides: a quote begins the address, all else the data.
bool may_go_on(std::string_view head);

}  // namespace atcert::at
