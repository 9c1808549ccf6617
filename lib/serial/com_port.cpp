// SPDX-License-Identifier: Apache-2.0
#include "serial/com_port.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace atcert::serial::com_port {
namespace {

constexpr std::uint8_t kAnswer = 100;
constexpr std::uint8_t kControl = 5;

struct Row {
  Subject subject;
  std::uint8_t command;
  std::string_view name;
  std::uint32_t first = 0;  // of SET-CONTROL: the values that are about this subject
  std::uint32_t last = 0xffffffff;
};

constexpr std::array<Row, 12> kRows{{
    {Subject::baud_rate, 1, "SET-BAUDRATE"},
    {Subject::data_size, 2, "SET-DATASIZE"},
    {Subject::parity, 3, "SET-PARITY"},
    {Subject::stop_size, 4, "SET-STOPSIZE"},
    {Subject::flow_control, kControl, "SET-CONTROL", 0, 3},
    {Subject::dtr, kControl, "SET-CONTROL", 7, 9},
    {Subject::rts, kControl, "SET-CONTROL", 10, 12},
    {Subject::line_state_mask, 10, "SET-LINESTATE-MASK"},
    {Subject::modem_state_mask, 11, "SET-MODEMSTATE-MASK"},
    {Subject::purge, 12, "PURGE-DATA"},
    {Subject::suspend, 8, "FLOWCONTROL-SUSPEND"},
    {Subject::resume, 9, "FLOWCONTROL-RESUME"},
}};

const Row& row_of(Subject subject) {
  return *std::find_if(kRows.begin(), kRows.end(), [&](const Row& row) { return row.subject == subject; });
}

}  // namespace

Bytes request(Subject subject, std::uint32_t value) {
  Bytes bytes{row_of(subject).command};
  if (subject == Subject::baud_rate) {
    for (const int shift : {24, 16, 8}) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  bytes.push_back(static_cast<std::uint8_t>(value));
  return telnet::encode(telnet::Subnegotiation{telnet::kComPort, std::move(bytes)});
}

std::string_view name_of(Subject subject) {
  return row_of(subject).name;
}

std::optional<Answer> parse_answer(const telnet::Subnegotiation& subnegotiation) {
  const ByteView bytes = subnegotiation.value;
  const std::size_t most = 1 + sizeof(std::uint32_t);
  if (subnegotiation.option != telnet::kComPort || bytes.empty() || bytes.size() > most) return std::nullopt;
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes.subspan(1)) value = value << 8 | byte;
  const auto fits = [&](const Row& row) {
    return bytes[0] == row.command + kAnswer && value >= row.first && value <= row.last;
  };
  const auto row = std::find_if(kRows.begin(), kRows.end(), fits);
  return row == kRows.end() ? std::nullopt : std::optional(Answer{row->subject, value});
}

}  // namespace atcert::serial::com_port
