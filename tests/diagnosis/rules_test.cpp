// SPDX-License-Identifier: Apache-2.0
// Every rule is provoked: the evidence that a failure leaves, and the cause that must come first.
#include "diagnosis/rule.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/embedded.hpp"
#include "base/json.hpp"
#include "diagnosis/engine.hpp"
#include "support/require.hpp"

namespace atcert::diagnosis {
namespace {

struct Case {
  std::string code;
  Evidence evidence;
};

using Change = std::function<void(Evidence&)>;

// A command that failed, and what else is known.
Evidence at(const std::string& command, Answer answer, const Change& change = {}) {
  Evidence evidence;
  evidence.symptom.at = command;
  evidence.symptom.answer = answer;
  if (change) change(evidence);
  return evidence;
}

Evidence coded(const std::string& command, std::vector<std::uint32_t> codes, const Change& change = {}) {
  Evidence evidence = at(command, Answer::error, change);
  evidence.symptom.codes = std::move(codes);
  return evidence;
}

Evidence failed(const std::string& command, const std::string& failure, const Change& change = {}) {
  Evidence evidence = at(command, Answer::none, change);
  evidence.symptom.failure = failure;
  return evidence;
}

Evidence join(unsigned error, const Change& change = {}) {
  Evidence evidence = at("AT+CWJAP", Answer::error, change);
  evidence.symptom.join_error = error;
  return evidence;
}

// AT+MQTTCONN: ERROR without a code.
Evidence refused(const Change& change) {
  return at("AT+MQTTCONN", Answer::error, change);
}

Evidence restarted(const std::string& command, const Change& change = {}) {
  Evidence evidence = failed(command, "restarted", change);
  evidence.dialogue.commands += 20;
  evidence.dialogue.restarts = std::max(evidence.dialogue.restarts, 1U);
  evidence.dialogue.restarted_in = command;
  return evidence;
}

image::Release release(std::uint16_t major, std::uint16_t minor, std::uint16_t patch = 0) {
  return {{major, minor, patch, 0}};
}

std::vector<Case> port_and_module() {
  return {
      {"port_busy", failed("port", "port_busy")},
      {"port_forbidden", failed("port", "port_forbidden")},
      {"port_missing", failed("port", "port_missing")},
      {"no_answer", failed("AT", "no_answer")},
      {"log_port", failed("AT", "log_port")},
      {"download_mode", failed("AT", "download_mode")},
      {"not_at", failed("AT", "not_at")},
      {"baud_wrong", failed("AT", "baud_wrong")},
      {"echo_only", failed("AT", "echo_only")},
      {"line_noise", coded("AT", {0x01030000})},
      {"busy", failed("AT+GMR", "busy")},
      {"passthrough", failed("AT", "data_stuck", [](Evidence& e) { e.dialogue.passthrough = true; })},
      {"weak_supply", restarted("AT+CWJAP")},
      {"weak_supply", restarted("AT+MQTTSUB", [](Evidence& e) { e.dialogue.brown_out = true; })},
      {"firmware_crash", restarted("AT+MQTTSUB", [](Evidence& e) { e.dialogue.crash = true; })},
      {"reset_wired", restarted("AT+GMR", [](Evidence& e) { e.dialogue.restarts = 20; })},
      {"command_unknown", coded("AT+MQTTSNI", {0x01090000})},
      {"firmware_too_old",
       failed("AT+GMR", "firmware_too_old", [](Evidence& e) { e.module.release = release(1, 7, 4); })},
      {"line_filter", failed("AT+GMR", "no_result", [](Evidence& e) { e.module.filters_lines = true; })},
      {"line_loses_bytes", failed("AT+SYSMFG", "short_reply")},
      {"line_loses_bytes", failed("AT+SYSMFG", "read_back")},
  };
}

std::vector<Case> wifi_and_time() {
  const auto seen = [](Evidence& e) { e.answers.network_seen = true; };
  return {
      {"wifi_timeout", join(1, seen)},
      {"wifi_weak_signal", join(1,
                                [](Evidence& e) {
                                  e.answers.network = {"WPA2_PSK", -88};
                                })},
      {"wifi_wrong_password", join(2)},
      {"wifi_password_missing", join(2, [](Evidence& e) { e.given.password = "none"; })},
      {"wifi_password_form", join(2, [](Evidence& e) { e.given.password = "blank"; })},
      {"wifi_not_found", join(3, [](Evidence& e) { e.answers.network_seen = false; })},
      {"wifi_name_similar", join(3, [](Evidence& e) { e.answers.similar = "Line 1"; })},
      {"wifi_refused", join(4, seen)},
      {"wifi_security", join(4, [](Evidence& e) { e.answers.network.security = "WPA2_ENTERPRISE"; })},
      {"wifi_station_off", at("AT+CWJAP", Answer::error, [](Evidence& e) { e.answers.wifi_mode = 2; })},
      {"wifi_parameters", coded("AT+CWJAP", {0x01040001})},
      {"wifi_no_address", at("AT+CWJAP", Answer::error, [](Evidence& e) { e.symptom.heard = {"WIFI CONNECTED"}; })},
      {"wifi_unstable", refused([](Evidence& e) { e.dialogue.wifi_losses = 3; })},
      {"wifi_lost", at("AT+MQTTPUB", Answer::ok,
                       [](Evidence& e) {
                         e.dialogue.wifi_lost = true;
                         e.symptom.heard = {"WIFI DISCONNECT", "+MQTTDISCONNECTED:0"};
                       })},
      {"dns_failed", refused([](Evidence& e) {
         e.answers.resolved = "";
         e.host.resolves = true;
       })},
      {"endpoint_unknown", refused([](Evidence& e) {
         e.answers.resolved = "";
         e.host.resolves = false;
       })},
      {"dns_captive", refused([](Evidence& e) {
         e.answers.resolved = "192.168.4.1";
         e.given.endpoint = "aws";
       })},
      {"clock_not_set", at("AT+CIPSNTPTIME", Answer::ok, [](Evidence& e) { e.answers.clock_year = 1970; })},
      {"clock_not_set", refused([](Evidence& e) { e.answers.clock_year = 1970; })},
      {"clock_zone", at("AT+CIPSNTPTIME", Answer::ok,
                        [](Evidence& e) {
                          e.answers.clock_year = 2026;
                          e.answers.clock_off = 7203;
                        })},
      {"clock_wrong", at("AT+CIPSNTPTIME", Answer::ok,
                         [](Evidence& e) {
                           e.answers.clock_year = 2026;
                           e.answers.clock_off = 912;
                         })},
  };
}

std::vector<Case> credentials() {
  return {
      {"ca_missing", coded("AT+MQTTCONN", {0x010a6021, 0x010a6009, 0x010a600a})},
      {"certificate_missing", coded("AT+MQTTCONN", {0x010a6023, 0x010a6009, 0x010a600a})},
      {"key_missing", coded("AT+MQTTCONN", {0x010a6025, 0x010a6009, 0x010a600a})},
      {"ca_damaged", coded("AT+MQTTCONN", {0x010a6022, 0x010a6009, 0x010a600a})},
      {"certificate_damaged", coded("AT+MQTTCONN", {0x010a6024, 0x010a6009, 0x010a600a})},
      {"key_damaged", coded("AT+MQTTCONN", {0x010a6026, 0x010a6009, 0x010a600a})},
      {"pem_damaged", refused([](Evidence& e) { e.stored.key = SlotState::unreadable; })},
      {"key_mismatch", refused([](Evidence& e) { e.stored.belong_together = false; })},
      {"slots_swapped", refused([](Evidence& e) { e.stored.ca = SlotState::swapped; })},
      {"other_credentials", refused([](Evidence& e) { e.stored.as_given = false; })},
      {"wrong_root_ca", refused([](Evidence& e) { e.host.verified = false; })},
      {"legacy_endpoint", refused([](Evidence& e) { e.given.endpoint = "legacy"; })},
      {"no_partition", coded("AT+SYSFLASH", {0x010a0000})},
      {"item_too_large", coded("AT+SYSFLASH", {0x010a0001, 0x010a0003},
                               [](Evidence& e) { e.symptom.sent = "AT+SYSFLASH=1,\"mqtt_ca\",0,9000"; })},
      {"erase_unaligned",
       coded("AT+SYSFLASH", {0x010a0001}, [](Evidence& e) { e.symptom.sent = "AT+SYSFLASH=0,\"mqtt_ca\",5,4096"; })},
      {"flash_memory", coded("AT+SYSFLASH", {0x010a0002})},
      {"mfg_refused", at("AT+SYSMFG", Answer::error,
                         [](Evidence& e) { e.symptom.sent = "AT+SYSMFG=2,\"mqtt_ca\",\"mqtt_ca\",8,1188"; })},
      {"wrong_name",
       coded("AT+MQTTCONN", {0x010a6023, 0x010a6009, 0x010a600a}, [](Evidence& e) { e.stored.other_names = true; })},
  };
}

std::vector<Case> connection() {
  const auto status = [](const char* word) { return [word](Evidence& e) { e.aws.status = word; }; };
  return {
      {"mqtt_not_configured", coded("AT+MQTTCONN", {0x010a6001})},
      {"mqtt_client_exists", coded("AT+MQTTUSERCFG", {0x010a6002})},
      {"mqtt_order", coded("AT+MQTTSNI", {0x010a6002})},
      {"mqtt_connected_already", coded("AT+MQTTCONN", {0x010a6004})},
      {"mqtt_reconnecting", coded("AT+MQTTCONN", {0x010a6051})},
      {"endpoint_refused", coded("AT+MQTTCONN", {0x010a6052})},
      {"mqtt_port_closed", refused([](Evidence& e) { e.answers.tcp = Attempt::refused; })},
      {"port_blocked", refused([](Evidence& e) {
         e.answers.tcp = Attempt::timed_out;
         e.answers.tcp_443 = Attempt::made;
       })},
      {"alpn_missing", refused([](Evidence& e) {
         e.given.port = 443;
         e.module.sends_alpn = false;
       })},
      {"tls_unverified", refused([](Evidence& e) {
         e.answers.socket_errors = {0x2700};
         e.host.verified = true;
       })},
      {"certificate_inactive", refused(status("INACTIVE"))},
      {"certificate_revoked", refused(status("REVOKED"))},
      {"certificate_in_transfer", refused(status("PENDING_TRANSFER"))},
      {"certificate_pending", refused(status("PENDING_ACTIVATION"))},
      {"certificate_other", refused([](Evidence& e) {
         e.aws.status = "INACTIVE";
         e.aws.same = false;
       })},
      {"tls_alert", refused([](Evidence& e) {
         e.host.tls = Attempt::alert;
         e.host.verified = true;
       })},
      {"policy_connect", refused([](Evidence& e) {
         e.host.tls = Attempt::made;
         e.host.verified = true;
         e.host.mqtt = "closed";
       })},
      {"policy_connect", refused([](Evidence& e) { e.aws.connect_failure = "AUTHORIZATION_FAILED"; })},
      {"client_id_too_long", refused([](Evidence& e) {
         e.given.client_id_size = 200;
         e.given.endpoint = "aws";
       })},
      {"sni_missing", refused([](Evidence& e) {
         e.module.sends_sni = false;
         e.host.tls = Attempt::made;
         e.host.verified = true;
         e.host.tls_without_sni = Attempt::alert;
       })},
      {"tls_1_3_only", refused([](Evidence& e) {
         e.host.verified = true;
         e.host.tls_1_3 = Attempt::made;
         e.host.tls_1_2 = Attempt::alert;
       })},
      {"second_client", at("AT+MQTTSUB", Answer::error,
                           [](Evidence& e) {
                             e.dialogue.mqtt_losses = 1;
                             e.aws.disconnect_cause = "DUPLICATE_CLIENTID";
                             e.symptom.heard = {"+MQTTDISCONNECTED:0"};
                           })},
      {"mqttconn_crash", restarted("AT+MQTTCONN",
                                   [](Evidence& e) {
                                     e.module.release = release(2, 2, 1);
                                     e.module.chip = "ESP8266";
                                   })},
      {"connect_timeout", at("AT+MQTTCONN", Answer::none)},
      {"module_memory", refused([](Evidence& e) { e.answers.memory = 11'000; })},
      {"mqtt_memory", coded("AT+MQTTCONN", {0x010a6005})},
      {"mqtt_client_start", coded("AT+MQTTCONN", {0x010a600b})},
      {"scheme_wrong", refused([](Evidence& e) { e.answers.mqtt_scheme = 1; })},
      {"connection_other", failed("AT+MQTTCONN", "connection_other",
                                  [](Evidence& e) {
                                    e.symptom.answer = Answer::ok;
                                    e.symptom.heard = {R"(+MQTTCONNECTED:0,1,"h","8883","",0)"};
                                  })},
  };
}

std::vector<Case> after_connection() {
  return {
      {"policy_subscribe", at("AT+MQTTSUB", Answer::error)},
      {"policy_receive", at("AT+MQTTPUB", Answer::ok)},
      {"policy_publish", at("AT+MQTTPUB", Answer::ok, [](Evidence& e) { e.symptom.heard = {"+MQTTDISCONNECTED:0"}; })},
      {"topic_too_deep", at("AT+MQTTPUB", Answer::ok,
                            [](Evidence& e) {
                              e.given.endpoint = "aws";
                              e.given.topic_levels = 9;
                              e.symptom.heard = {"+MQTTDISCONNECTED:0"};
                            })},
      {"comma_unescaped", coded("AT+MQTTPUB", {0x01080002, 0x010a6044})},
      {"connection_lost", coded("AT+MQTTPUB", {0x010a6006})},
      {"mqtt_too_long", coded("AT+MQTTPUB", {0x010a6043})},
      {"release_2_0_reset", restarted("AT+MQTTPUB", [](Evidence& e) { e.module.release = release(2, 0); })},
  };
}

// These fit beside a likelier one, and can only be told from it by hand.
std::vector<Case> second_thoughts() {
  return {
      {"rom_rate", failed("AT", "baud_wrong")},
      {"flash_not_erased", failed("AT+SYSFLASH", "read_back", [](Evidence& e) { e.module.generation = "pki"; })},
      {"clock_early", at("AT+MQTTCONN", Answer::error,
                         [](Evidence& e) {
                           e.answers.clock_year = 1970;
                           e.dialogue.restarts = 1;
                         })},
      {"message_in_pieces", at("AT+MQTTPUB", Answer::ok, [](Evidence& e) { e.symptom.heard = {"+MQTTSUBRECV:0"}; })},
      {"second_client", at("AT+MQTTPUB", Answer::ok, [](Evidence& e) { e.dialogue.mqtt_losses = 1; })},
  };
}

std::vector<Case> first_thoughts() {
  std::vector<Case> all;
  for (auto part : {port_and_module, wifi_and_time, credentials, connection, after_connection}) {
    const std::vector<Case> cases = part();
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

bool has(const std::vector<Verdict>& verdicts, const std::string& code) {
  return std::any_of(verdicts.begin(), verdicts.end(), [&](const Verdict& verdict) { return verdict.code == code; });
}

nlohmann::json embedded(std::string_view name) {
  for (const EmbeddedFile& file : embedded_causes()) {
    if (file.name == name) return nlohmann::json::parse(file.content, nullptr, true, true);
  }
  return nullptr;
}

}  // namespace

TEST_CASE("the table is read whole") {
  CHECK(rules().size() > 90);
}

TEST_CASE("the evidence that a failure leaves names its cause first") {
  for (const Case& each : first_thoughts()) {
    CAPTURE(each.code);
    const auto verdicts = diagnose(each.evidence, rules());
    REQUIRE_FALSE(verdicts.empty());
    CHECK(verdicts.front().code == each.code);
    CHECK_FALSE(verdicts.front().cause.empty());
    CHECK_FALSE(verdicts.front().remedy.empty());
    // The failure's own code is no evidence beside itself.
    if (each.evidence.symptom.failure.empty()) CHECK_FALSE(verdicts.front().evidence.empty());
  }
}

TEST_CASE("what cannot be told apart is named beside the likelier cause") {
  for (const Case& each : second_thoughts()) {
    CAPTURE(each.code);
    CHECK(has(diagnose(each.evidence, rules()), each.code));
  }
}

TEST_CASE("every cause that evidence can tell is provoked here") {
  std::set<std::string> provoked;
  for (const Case& each : first_thoughts()) provoked.insert(each.code);
  for (const Case& each : second_thoughts()) provoked.insert(each.code);
  for (const Rule& rule : rules()) {
    CAPTURE(rule.code);
    CHECK(rule.at.empty() == !provoked.contains(rule.code));
  }
}

TEST_CASE("codes are not given twice, and every cause says all of itself") {
  std::set<std::string> codes;
  for (const Rule& rule : rules()) {
    CAPTURE(rule.code);
    CHECK(script::is_name(rule.code));
    CHECK(codes.insert(rule.code).second);
    CHECK_FALSE(rule.sources.empty());
    for (const script::Text* text : {&rule.verdict, &rule.remedy, &rule.tell}) CHECK_FALSE(text->source.ends_with('.'));
  }
}

TEST_CASE("the table has the form of its schema") {
  const auto schema = embedded("causes.schema.json");
  const auto table = embedded("causes.json");
  REQUIRE(schema.is_object());
  const auto& cause_form = schema["$defs"]["cause"];
  for (const auto& chapter : table["chapters"]) {
    for (const auto& cause : chapter["causes"]) {
      CAPTURE(cause["code"]);
      for (const auto& [key, value] : cause.items()) CHECK(cause_form["properties"].contains(key));
      for (const auto& key : cause_form["required"]) CHECK(cause.contains(key));
    }
  }
}

}  // namespace atcert::diagnosis
