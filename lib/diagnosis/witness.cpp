// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/witness.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "at/line_kind.hpp"

namespace atcert::diagnosis {
namespace {

constexpr std::size_t kMostLines = 64;  // of one reply

// ROM, boot loader and log of ESP-IDF, as every ESP32 and ESP8266 prints them.
constexpr std::array<std::string_view, 3> kBootLines{"rst:0x", "load:0x", "ets "};
constexpr std::array<std::string_view, 5> kCrashes{"Guru Meditation", "stack overflow", "Stack canary",
                                                   "abort() was called", "Task watchdog got triggered"};
// esp-tls: "mbedtls_ssl_handshake returned -0x2700"
constexpr std::string_view kTlsError = "returned -0x";
constexpr std::string_view kBrownOut = "Brownout detector was triggered";
constexpr std::string_view kVersion = "AT version:";
constexpr std::string_view kProbe = "AT";
constexpr std::string_view kJoinError = "+CWJAP:";

bool holds(std::string_view line, std::string_view part) {
  return line.find(part) != std::string_view::npos;
}

// A log has what is no text written out, four characters a byte (base/text.hpp).
bool is_unreadable(std::string_view line) {
  std::size_t escapes = 0;
  for (std::size_t at = line.find("\\x"); at != std::string_view::npos; at = line.find("\\x", at + 4)) ++escapes;
  return escapes > 0 && 4 * escapes * 2 >= line.size();
}

// Operations of AT+SYSFLASH: 0 erases, 1 writes; of AT+SYSMFG: 0 erases, 2 writes.
bool is_write(std::string_view sent) {
  constexpr std::array<std::string_view, 4> kWrites{"AT+SYSFLASH=0", "AT+SYSFLASH=1", "AT+SYSMFG=0", "AT+SYSMFG=2"};
  return std::any_of(kWrites.begin(), kWrites.end(), [&](std::string_view begin) { return sent.starts_with(begin); });
}

// "ESP8266" of "2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)"; up to 2.1 it is not named.
std::string chip_of(std::string_view version) {
  const std::size_t chip = version.find(" - ESP");
  if (chip == std::string_view::npos) return {};
  version.remove_prefix(chip + 3);
  return std::string(version.substr(0, version.find(' ')));
}

// "AT+CWJAP" of "AT+CWJAP=...", of its query and of "AT+CIPSNTPTIME?".
std::string name_of(std::string_view command) {
  return std::string(command.substr(0, command.find_first_of("=?")));
}

}  // namespace

void Witness::add(const at::DialogueEntry& entry) {
  if (entry.direction == at::DialogueEntry::Direction::sent) {
    see_sent(entry.text);
  } else {
    see_received(entry.text);
  }
  if (next_ != nullptr) next_->add(entry);
}

// Data, +++ and filler belong to the command before them, and so does AT, which asks whether the module is still there.
void Witness::see_sent(const std::string& text) {
  if (!text.starts_with("AT")) return;
  probing_ = text == kProbe && symptom_.at.starts_with("AT+");
  if (probing_) return;
  ++dialogue_.commands;
  if (symptom_.answer == Answer::error && is_write(symptom_.sent)) refused_write_ = symptom_;
  symptom_ = {};
  symptom_.at = name_of(text);
  symptom_.sent = text;
}

void Witness::see_received(const std::string& line) {
  if (line == (probing_ ? kProbe : std::string_view(symptom_.sent))) {
    ++echoes_;
    dialogue_.echo_only = others_ == 0;
    return;
  }
  ++others_;
  if (is_unreadable(line)) ++unreadable_;
  dialogue_.echo_only = false;
  dialogue_.unreadable = unreadable_ == others_;
  if (symptom_.heard.size() < kMostLines) symptom_.heard.push_back(line);
  see_result(line);
  see_network(line);
  see_log(line);
}

void Witness::see_result(std::string_view line) {
  switch (at::kind_of(line)) {
    case at::LineKind::ok:
    case at::LineKind::published:
      if (line.starts_with("SEND")) dialogue_.passthrough = true;
      if (symptom_.answer == Answer::none && !probing_) symptom_.answer = Answer::ok;
      answered_ = true;
      break;
    case at::LineKind::error:
    case at::LineKind::publish_failed:
      if (!probing_) symptom_.answer = Answer::error;
      answered_ = true;
      break;
    case at::LineKind::busy:
      dialogue_.busy = true;
      break;
    case at::LineKind::ready:
      see_restart();
      break;
    case at::LineKind::error_code:
      symptom_.codes.push_back(*at::error_code_of(line));
      break;
    default:
      break;
  }
  if (line.starts_with("+IPD,") && symptom_.at != "AT+CIPSTART") dialogue_.passthrough = true;
}

// `ready` after AT+RST is as it should be, and so is one before the first answer: to open a port may reset the module.
void Witness::see_restart() {
  joined_ = connected_ = false;
  if (!answered_ || symptom_.at == "AT+RST" || symptom_.answer != Answer::none) return;
  ++dialogue_.restarts;
  dialogue_.restarted_in = symptom_.at;
}

void Witness::see_network(std::string_view line) {
  if (line.starts_with(kJoinError) && symptom_.at == "AT+CWJAP") {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(line.data() + kJoinError.size(), line.data() + line.size(), number);
    if (error == std::errc() && end == line.data() + line.size()) symptom_.join_error = number;
  }
  if (line == "WIFI GOT IP") joined_ = true;
  // A join while joined leaves first, AT+CWQAP leaves.
  if (line == "WIFI DISCONNECT" && joined_ && symptom_.at != "AT+CWJAP" && symptom_.at != "AT+CWQAP") {
    joined_ = false;
    ++dialogue_.wifi_losses;
    dialogue_.wifi_lost = true;
  }
  if (line.starts_with("+MQTTCONNECTED:")) {
    connected_ = true;
    dialogue_.wifi_lost = false;
  }
  if (line.starts_with("+MQTTDISCONNECTED:") && connected_ && symptom_.at != "AT+MQTTCLEAN") {
    connected_ = false;
    ++dialogue_.mqtt_losses;
  }
}

void Witness::see_log(std::string_view line) {
  const auto begins = [&](std::string_view begin) { return line.starts_with(begin); };
  const auto has = [&](std::string_view part) { return holds(line, part); };
  dialogue_.boot_log =
      dialogue_.boot_log || std::any_of(kBootLines.begin(), kBootLines.end(), begins) || has(" boot: ");
  dialogue_.brown_out = dialogue_.brown_out || has(kBrownOut);
  dialogue_.crash = dialogue_.crash || std::any_of(kCrashes.begin(), kCrashes.end(), has);
  if (const std::size_t at = line.find(kTlsError); at != std::string_view::npos) {
    std::uint32_t code = 0;
    const char* begin = line.data() + at + kTlsError.size();
    if (std::from_chars(begin, line.data() + line.size(), code, 16).ec == std::errc()) {
      dialogue_.tls_errors.push_back(code);
    }
  }
  if (line.starts_with(kVersion)) {
    const auto release = image::parse_release(line.substr(kVersion.size()));
    if (release) module_.release = *release;
    module_.chip = chip_of(line);
  }
}

}  // namespace atcert::diagnosis
