// SPDX-License-Identifier: Apache-2.0
// The faults by name. What the firmware itself does in each case, or was seen to do, is from Espressif's documents, the
// issues of espressif/esp-at and the object code of its releases.
#include "emulator/faults.hpp"

namespace atcert::emulator {
namespace {

constexpr std::int32_t kMany = 1'000'000;

constexpr std::string_view kPromptForms[] = {"bare", "spaced", "own-line", "before-ok", "late"};
constexpr std::string_view kLossMoments[] = {"connect", "publish"};

constexpr FaultArgument kNone{};
constexpr FaultArgument nth(std::int32_t usual) {
  return {"N", usual, 1, kMany};
}
constexpr FaultArgument times(std::int32_t usual) {
  return {"TIMES", usual, 0, kMany};
}
constexpr FaultArgument milliseconds(std::int32_t usual) {
  return {"MS", usual, 1, 600'000};
}

constexpr FaultRow kTable[] = {
    // The line
    {Fault::silent, "silent", kNone, "says nothing and answers nothing"},
    {Fault::silent_after, "silent-after", nth(8), "takes N commands and no more"},
    {Fault::echo_only, "echo-only", kNone, "sends back what it is sent, and nothing else: TX is tied to RX"},
    {Fault::ok_to_all, "ok-to-all", kNone, "answers OK to every line, and says nothing else"},
    {Fault::log_port, "log-port", kNone, "prints the firmware's log and answers nothing: not the AT port"},
    {Fault::log_text, "log-text", kNone, "prints the boot loader's log on the AT port at every start"},
    {Fault::wrong_baud, "wrong-baud", {"RATE", 9600, 80, 5'000'000}, "starts at another baud rate"},
    {Fault::noise, "noise", {"N", 5, 1, 1000}, "changes a bit in N of 1000 bytes, either way"},
    {Fault::chunks, "chunks", nth(1), "sends N bytes at once and waits until they are read"},
    {Fault::stray_bytes, "stray-bytes", kNone, "sends a byte 00 or FF before everything it says"},
    {Fault::double_cr, "double-cr", kNone, "ends its lines with two carriage returns"},
    {Fault::unplugged, "unplugged", nth(8), "its port disappears at the Nth command, for good"},
    {Fault::replugged, "replugged", nth(8), "its port disappears at the Nth command, and comes back after a second"},
    // The AT port
    {Fault::reset_at_byte, "reset-at-byte", nth(200), "restarts when it gets the Nth byte"},
    {Fault::reset_in_command, "reset-in-command", nth(8), "restarts in the middle of the Nth command"},
    {Fault::stuck, "stuck", nth(8), "never ends the Nth command"},
    {Fault::late_results, "late-results", milliseconds(3000), "gives every result MS late"},
    {Fault::no_ok, "no-ok", kNone, "never prints OK, as a stored AT+SYSMSGFILTER can do"},
    {Fault::echo_stuck, "echo-stuck", kNone, "answers OK to ATE0 and goes on echoing"},
    {Fault::busy, "busy", nth(4), "answers every Nth command \"busy p...\" and executes it all the same"},
    {Fault::busy_drops, "busy-drops", nth(4), "answers every Nth command \"busy p...\" and forgets it"},
    {Fault::urc_storm, "urc-storm", {"N", 20, 1, 1000}, "prints N unasked lines before and behind every result"},
    {Fault::passthrough, "passthrough", kNone, "starts in passthrough mode, and leaves it with +++"},
    {Fault::data_phase, "data-phase", {"N", 500, 1, 8191}, "starts in a data phase that wants N more bytes"},
    {Fault::baud_refused, "baud-refused", kNone, "answers ERROR to AT+UART_CUR"},
    {Fault::baud_stuck, "baud-stuck", kNone, "answers OK to AT+UART_CUR and keeps its rate"},
    {Fault::lost_after_baud, "lost-after-baud", nth(40), "loses N bytes after a change of its baud rate"},
    {Fault::prompt,
     "prompt",
     {"FORM", 1, 0, 0, kPromptForms},
     "asks for data with another prompt: bare, spaced, own-line, before-ok, late"},
    // What it stores
    {Fault::lost_in_data, "lost-in-data", nth(1), "loses ten bytes in the Nth data phase"},
    {Fault::hang_in_data, "hang-in-data", kNone, "never leaves a data phase"},
    {Fault::write_refused, "write-refused", kNone, "answers ERROR to every write of credentials"},
    {Fault::refused_after_erase, "refused-after-erase", kNone, "erases what is there and then refuses to write"},
    {Fault::erase_refused, "erase-refused", kNone, "answers ERROR to every erase"},
    {Fault::full_store, "full-store", kNone, "has no room left in mfg_nvs"},
    {Fault::short_write, "short-write", kNone, "loses the second half of every write of credentials"},
    {Fault::bit_flip, "bit-flip", kNone, "flips a bit in every write of credentials"},
    // Wi-Fi and clock
    {Fault::join_fails, "join-fails", times(1), "fails to join with +CWJAP:1 (timeout), 0 for always"},
    {Fault::join_code, "join-code", {"CODE", 4, 1, 4}, "fails every join with +CWJAP:CODE"},
    {Fault::brown_out, "brown-out", times(0), "restarts when its radio starts to join, 0 for always"},
    {Fault::wifi_lost,
     "wifi-lost",
     {"WHEN", 0, 0, 0, kLossMoments},
     "loses Wi-Fi once, in AT+MQTTCONN or AT+MQTTPUB: connect, publish"},
    {Fault::no_sntp, "no-sntp", kNone, "gets no answer from any time server: the clock stays in 1970"},
    {Fault::clock_stuck, "clock-stuck", kNone, "never sets its clock, not even with AT+SYSTIMESTAMP"},
    {Fault::wrong_clock,
     "wrong-clock",
     {"SECONDS", -400 * 86'400, -1'000'000'000, 1'000'000'000},
     "gets a time that is wrong by so much from time servers"},
    // MQTT
    {Fault::restart_in_mqttconn, "restart-in-mqttconn", kNone, "restarts in the middle of AT+MQTTCONN"},
    {Fault::connect_fails, "connect-fails", times(1), "fails AT+MQTTCONN, 0 for always"},
    {Fault::missing_disconnected, "missing-disconnected", kNone, "never prints +MQTTDISCONNECTED"},
    {Fault::plain_mqtt, "plain-mqtt", kNone, "reports every MQTT connection as one without TLS"},
    {Fault::unquoted_connected, "unquoted-connected", kNone, "prints the host in +MQTTCONNECTED without quotes"},
    {Fault::result_first, "result-first", kNone, "prints +MQTTCONNECTED behind the OK of AT+MQTTCONN"},
    {Fault::taken_over, "taken-over", milliseconds(100), "loses every MQTT connection after MS, to another client"},
    {Fault::subscribe_denied, "subscribe-denied", kNone, "is disconnected by the broker when it subscribes"},
    {Fault::publish_denied, "publish-denied", kNone, "is disconnected by the broker when it publishes"},
    {Fault::split_subrecv, "split-subrecv", kNone, "delivers messages in pieces of a few bytes"},
    {Fault::message_late, "message-late", milliseconds(2000), "delivers every message MS late"},
    {Fault::message_lost, "message-lost", times(0), "delivers no message, 0 for always"},
    {Fault::message_twice, "message-twice", kNone, "delivers every message twice"},
    {Fault::message_replayed, "message-replayed", kNone, "delivers its first message in place of every later one"},
    {Fault::message_retained, "message-retained", kNone, "delivers an old message when it subscribes"},
    {Fault::other_topics,
     "other-topics",
     {"N", 5, 1, 1000},
     "delivers N messages of other topics before every message"},
};

constexpr bool in_order() {
  std::size_t place = 0;
  for (const FaultRow& row : kTable) {
    if (static_cast<std::size_t>(row.fault) != place++) return false;
  }
  return place == static_cast<std::size_t>(Fault::count);
}
static_assert(in_order());

}  // namespace

std::span<const FaultRow> fault_table() {
  return kTable;
}

}  // namespace atcert::emulator
