// SPDX-License-Identifier: Apache-2.0
// What a dialogue shows by itself, also in published logs of modules that failed (tests/at/data).
#include "diagnosis/witness.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "diagnosis/engine.hpp"
#include "support/require.hpp"

namespace atcert::diagnosis {
namespace {

using Direction = at::DialogueEntry::Direction;

// Lines that begin with "> " are sent, all others received.
Witness witness(const std::vector<std::string>& lines) {
  Witness seen(nullptr);
  for (const std::string& line : lines) {
    const bool sent = line.starts_with("> ");
    seen.add({{}, sent ? Direction::sent : Direction::received, sent ? line.substr(2) : line});
  }
  return seen;
}

std::string transcript(const std::string& number) {
  for (const auto& entry : std::filesystem::directory_iterator(ATCERT_SOURCE_DIR "/tests/at/data")) {
    if (!entry.path().filename().string().starts_with(number)) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  return {};
}

// The log up to the reply of the command that begins with `last`: what is echoed was sent.
Witness published(const std::string& number, const std::string& last) {
  Witness seen(nullptr);
  std::istringstream stream(transcript(number));
  bool due = last.empty();
  for (std::string line; std::getline(stream, line);) {
    std::erase(line, '\r');
    if (line.empty()) continue;
    const bool sent = line.starts_with("AT") && !line.starts_with("AT version");
    if (sent && due && !last.empty()) break;
    if (sent) seen.add({{}, Direction::sent, line});
    seen.add({{}, Direction::received, printable(line)});
    due = due || (sent && line.starts_with(last));
  }
  return seen;
}

Evidence evidence_of(const Witness& seen) {
  Evidence evidence;
  evidence.symptom = seen.symptom();
  evidence.dialogue = seen.dialogue();
  evidence.module = seen.module();
  return evidence;
}

std::vector<std::string> codes(const Evidence& evidence) {
  std::vector<std::string> all;
  for (const Verdict& verdict : diagnose(evidence, rules())) all.push_back(verdict.code);
  return all;
}

std::string first_code(const Evidence& evidence) {
  const auto all = codes(evidence);
  return all.empty() ? "" : all.front();
}

}  // namespace

TEST_CASE("the last command, its answer and its codes are the symptom") {
  const Witness seen = witness({"> AT+CWMODE?", "+CWMODE:1", "OK", "> AT+MQTTCONN=0,\"h\",8883,0",
                                "AT+MQTTCONN=0,\"h\",8883,0", "ERR CODE:0x010a6021", "ERR CODE:0x010a6009", "ERROR"});
  CHECK(seen.symptom().at == "AT+MQTTCONN");
  CHECK(seen.symptom().sent == "AT+MQTTCONN=0,\"h\",8883,0");
  CHECK(seen.symptom().answer == Answer::error);
  CHECK(seen.symptom().codes == std::vector<std::uint32_t>{0x010a6021, 0x010a6009});
  CHECK(seen.symptom().heard.size() == 3);
  CHECK(seen.dialogue().commands == 2);
}

TEST_CASE("a Wi-Fi that is lost before the connection is told from one that is left") {
  const std::vector<std::string> connected{"> AT+CWJAP=\"x\",***",
                                           "WIFI CONNECTED",
                                           "WIFI GOT IP",
                                           "OK",
                                           "> AT+MQTTCONN=0,\"h\",8883,0",
                                           "+MQTTCONNECTED:0,5,\"h\",\"8883\",\"\",0",
                                           "OK"};
  std::vector<std::string> lost = connected;
  lost.insert(lost.end(), {"> AT+MQTTPUB=0,\"t\",\"x\",1,0", "WIFI DISCONNECT", "+MQTTDISCONNECTED:0", "ERROR"});
  CHECK(witness(lost).dialogue().wifi_lost);
  CHECK(witness(lost).dialogue().mqtt_losses == 1);
  std::vector<std::string> left = connected;
  left.insert(left.end(), {"> AT+MQTTCLEAN=0", "+MQTTDISCONNECTED:0", "OK", "> AT+CWQAP", "OK", "WIFI DISCONNECT"});
  CHECK_FALSE(witness(left).dialogue().wifi_lost);
  CHECK(witness(left).dialogue().mqtt_losses == 0);
}

TEST_CASE("a policy is never blamed for a Wi-Fi that was lost") {
  const Witness seen = witness({"> AT+CWJAP=\"x\",***", "WIFI CONNECTED", "WIFI GOT IP", "OK",
                                "> AT+MQTTCONN=0,\"h\",8883,0", "+MQTTCONNECTED:0,5,\"h\",\"8883\",\"\",0", "OK",
                                "> AT+MQTTPUB=0,\"t\",\"x\",1,0", "WIFI DISCONNECT", "+MQTTDISCONNECTED:0", "ERROR"});
  CHECK(codes(evidence_of(seen)) == std::vector<std::string>{"wifi_lost"});
}

TEST_CASE("a drop while publishing names both a policy and a second client of the same id") {
  const Witness seen = witness({"> AT+MQTTCONN=0,\"h\",8883,0", "+MQTTCONNECTED:0,5,\"h\",\"8883\",\"\",0", "OK",
                                "> AT+MQTTPUB=0,\"t\",\"x\",1,0", "+MQTTDISCONNECTED:0", "ERROR"});
  CHECK(codes(evidence_of(seen)) == std::vector<std::string>{"policy_publish", "second_client"});
}

TEST_CASE("a restart is one only while a command runs") {
  CHECK(witness({"ready", "> AT", "OK", "ready"}).dialogue().restarts == 0);
  CHECK(witness({"> AT+RST", "OK", "ready"}).dialogue().restarts == 0);
  CHECK(witness({"> AT", "ready", "> AT", "OK"}).dialogue().restarts == 0);
  const Witness seen = witness({"> AT", "OK", "> AT+CWMODE=1", "ready"});
  CHECK(seen.dialogue().restarts == 1);
  CHECK(seen.dialogue().restarted_in == "AT+CWMODE");
}

TEST_CASE("an echo without an answer and bytes that are no text are told apart from silence") {
  CHECK(witness({"> AT", "AT", "> AT", "AT"}).dialogue().echo_only);
  CHECK_FALSE(witness({"> AT", "AT", "OK"}).dialogue().echo_only);
  CHECK_FALSE(witness({"> AT"}).dialogue().echo_only);
  CHECK(witness({"> AT", "\\x00\\xf8\\x80\\x9e"}).dialogue().unreadable);
  CHECK_FALSE(witness({"> AT", "\\x00OK, and more of it", "OK"}).dialogue().unreadable);
  CHECK_FALSE(witness({"> AT"}).dialogue().unreadable);
}

TEST_CASE("an AT that only asks whether the module is still there is no command of its own") {
  const Witness silent = witness({"> AT+MQTTCONN=0,\"h\",8883,0", "> AT", "OK"});
  CHECK(silent.symptom().at == "AT+MQTTCONN");
  CHECK(silent.symptom().answer == Answer::none);
  CHECK(witness({"> AT+CWMODE=1", "OK", "> AT", "ERROR"}).symptom().answer == Answer::ok);
  CHECK(witness({"> AT", "OK"}).symptom().at == "AT");
}

TEST_CASE("a write that was refused is kept when the slot is looked at after it") {
  const Witness seen = witness({"> AT+SYSMFG=2,\"mqtt_ca\",\"mqtt_ca\",8,1188", "OK", ">", "> <1188 bytes>", "ERROR",
                                "> AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\"", "ERROR", "> AT+SYSMFG=1,\"mqtt_ca\"", "OK"});
  CHECK(seen.symptom().sent == "AT+SYSMFG=1,\"mqtt_ca\"");
  REQUIRE(seen.refused_write());
  CHECK(seen.refused_write()->sent == "AT+SYSMFG=2,\"mqtt_ca\",\"mqtt_ca\",8,1188");
  CHECK_FALSE(witness({"> AT+SYSMFG=1,\"mqtt_ca\"", "ERROR", "> AT", "OK"}).refused_write());
}

TEST_CASE("an error of TLS in a log on the port is evidence") {
  // espressif/esp-at issue 699
  const Witness seen = witness(
      {"> AT+MQTTCONN=0,\"h\",8883,0", "E (25143) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700", "ERROR"});
  CHECK(seen.dialogue().tls_errors == std::vector<std::uint32_t>{0x2700});
  CHECK(first_code(evidence_of(seen)) == "wrong_root_ca");
  CHECK(witness({"> AT", "returned -0x"}).dialogue().tls_errors.empty());
}

TEST_CASE("entries are passed on") {
  at::RecentDialogue log(8);
  Witness seen(&log);
  seen.add({{}, Direction::sent, "AT"});
  CHECK(log.entries().size() == 1);
}

TEST_CASE("published logs of modules that failed name their cause") {
  // espressif/esp-at issues 625, 804, 554, 647, 566, 90, 963 as tests/at/data/README.md has them.
  CHECK(codes(evidence_of(published("05", "AT+CWJAP"))).front() == "wifi_timeout");
  CHECK(first_code(evidence_of(published("07", "AT+MQTTPUB"))) == "comma_unescaped");
  Evidence crashed = evidence_of(published("10", "AT+MQTTCONN"));
  crashed.symptom.failure = "restarted";
  CHECK(first_code(crashed) == "mqttconn_crash");
  CHECK(published("15", "").dialogue().boot_log);
  CHECK(published("06", "AT+GMR").module().release == image::Release{{1, 7, 4, 0}});
}

TEST_CASE("the log of a connection that no code explains leaves the causes that can be told by looking further") {
  const auto found = codes(evidence_of(published("02", "AT+MQTTCONN")));
  for (const char* code : {"policy_connect", "wrong_root_ca", "tls_alert"}) {
    CAPTURE(code);
    CHECK(std::find(found.begin(), found.end(), code) != found.end());
  }
}

}  // namespace atcert::diagnosis
