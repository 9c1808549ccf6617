// SPDX-License-Identifier: Apache-2.0
// The requests and answers of RFC 2217, "Telnet Com Port Control Option", as sub-negotiations of Telnet:
//   request: IAC SB 44 <command> <value...> IAC SE      answer: the same with <command> + 100 and the value in force
// A baud rate is four bytes, most significant first; the other values are one byte. Command 5 (SET-CONTROL) is about
// several things, told apart by its value.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "serial/telnet.hpp"

namespace atcert::serial::com_port {

// What a request or an answer is about.
enum class Subject {
  baud_rate,
  data_size,
  parity,
  stop_size,
  flow_control,
  dtr,
  rts,
  line_state_mask,   // which changes the server tells unasked
  modem_state_mask,  // the same of CTS, DSR, RI and CD
  purge,             // drop what is in the server's buffers
  suspend,           // the server asks to send nothing, until
  resume,
};

// Values, by their subject.
inline constexpr std::uint32_t kNoParity = 1;
inline constexpr std::uint32_t kOneStopBit = 1;
inline constexpr std::uint32_t kNoFlowControl = 1;
inline constexpr std::uint32_t kHardwareFlowControl = 3;
inline constexpr std::uint32_t kDtrOn = 8;
inline constexpr std::uint32_t kDtrOff = 9;
inline constexpr std::uint32_t kRtsOn = 11;
inline constexpr std::uint32_t kRtsOff = 12;
inline constexpr std::uint32_t kPurgeReceived = 1;

Bytes request(Subject subject, std::uint32_t value);

// "SET-BAUDRATE", as RFC 2217 calls the command.
std::string_view name_of(Subject subject);

struct Answer {
  Subject subject = Subject::baud_rate;
  std::uint32_t value = 0;  // 0 where it has none

  bool operator==(const Answer&) const = default;
};

// Nothing when it is no answer of a server, or about nothing of the above.
std::optional<Answer> parse_answer(const telnet::Subnegotiation& subnegotiation);

}  // namespace atcert::serial::com_port
