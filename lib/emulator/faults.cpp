// SPDX-License-Identifier: Apache-2.0
#include "emulator/faults.hpp"

#include <algorithm>
#include <array>

namespace atcert::emulator {
namespace {

constexpr std::array kTable{
    FaultRow{Fault::silent, "silent", "says nothing and answers nothing"},
    FaultRow{Fault::busy, "busy", "answers every fourth command \"busy p...\" and executes it all the same"},
    FaultRow{Fault::busy_drops, "busy-drops", "answers every fourth command \"busy p...\" and forgets it"},
    FaultRow{Fault::echo_stuck, "echo-stuck", "answers OK to ATE0 and goes on echoing"},
    FaultRow{Fault::log_text, "log-text", "prints the boot loader's log on the AT port at every start"},
    FaultRow{Fault::no_sntp, "no-sntp", "gets no answer from any time server: the clock stays in 1970"},
    FaultRow{Fault::hang_in_data, "hang-in-data", "never leaves a data phase"},
    FaultRow{Fault::write_refused, "write-refused", "answers ERROR to every write of credentials"},
    FaultRow{Fault::short_write, "short-write", "loses the second half of every write of credentials"},
    FaultRow{Fault::bit_flip, "bit-flip", "flips a bit in every write of credentials"},
    FaultRow{Fault::restart_in_mqttconn, "restart-in-mqttconn", "restarts in the middle of AT+MQTTCONN"},
    FaultRow{Fault::missing_disconnected, "missing-disconnected", "never prints +MQTTDISCONNECTED"},
    FaultRow{Fault::split_subrecv, "split-subrecv", "delivers messages in pieces of a few bytes"},
    FaultRow{Fault::plain_mqtt, "plain-mqtt", "reports every MQTT connection as one without TLS"},
};
static_assert(kTable.size() == static_cast<std::size_t>(Fault::count));

}  // namespace

std::span<const FaultRow> fault_table() {
  return kTable;
}

std::optional<Fault> fault_by_name(std::string_view name) {
  const auto row = std::find_if(kTable.begin(), kTable.end(), [&](const FaultRow& each) { return each.name == name; });
  if (row == kTable.end()) return std::nullopt;
  return row->fault;
}

}  // namespace atcert::emulator
