// SPDX-License-Identifier: Apache-2.0
#include "view/probe.hpp"

#include <fmt/core.h>

#include "base/json.hpp"
#include "base/plural.hpp"
#include "cloud/probe_failure.hpp"
#include "credentials/describe.hpp"

namespace atcert::cli {
namespace {

using cloud::MqttConnect;
using cloud::Probe;
using cloud::Stage;
using cloud::TlsHandshake;
using cloud::TlsVersions;
using nlohmann::json;

json stage_json(Stage stage, Milliseconds took) {
  json object{{"stage", name_of(stage)}};
  if (stage != Stage::not_tried) object["ms"] = took.count();
  return object;
}

void add_error(json& object, int code, const std::string& error) {
  if (code != 0) object["errno"] = code;
  if (!error.empty()) object["error"] = error;
}

json alert_json(const cloud::TlsAlert& alert) {
  return {{"number", alert.number}, {"name", alert.name}};
}

json certificate_json(const credentials::CertificateFacts& certificate) {
  return {{"subject", certificate.subject},
          {"issuer", certificate.issuer},
          {"sha256", certificate.fingerprint},
          {"not_before", credentials::to_text(certificate.not_before)},
          {"not_after", credentials::to_text(certificate.not_after)},
          {"key", certificate.key.name}};
}

std::string_view words_of(TlsVersions versions) {
  switch (versions) {
    case TlsVersions::all:
      return "all";
    case TlsVersions::only_1_2:
      return "TLS 1.2 alone";
    case TlsVersions::only_1_3:
      return "TLS 1.3 alone";
  }
  return {};
}

json tls_json(const TlsHandshake& tls) {
  json object = stage_json(tls.stage, tls.took);
  object["server_name"] = tls.server_name;
  object["offered"] = words_of(tls.offered);
  if (!tls.version.empty()) object["version"] = tls.version;
  if (!tls.cipher.empty()) object["cipher"] = tls.cipher;
  if (!tls.protocol.empty()) object["protocol"] = tls.protocol;
  object["chain"] = json::array();
  for (const auto& certificate : tls.chain) object["chain"].push_back(certificate_json(certificate));
  if (tls.trusted) object["trusted"] = *tls.trusted;
  if (!tls.distrust.empty()) object["distrust"] = tls.distrust;
  if (tls.name_matches) object["name_matches"] = *tls.name_matches;
  object["client_certificate"] = name_of(tls.client_certificate);
  if (tls.alert) object["alert"] = alert_json(*tls.alert);
  add_error(object, 0, tls.error);
  return object;
}

json mqtt_json(const MqttConnect& mqtt) {
  json object = stage_json(mqtt.stage, mqtt.took);
  if (mqtt.stage == Stage::not_tried) return object;
  object["client_id"] = mqtt.client_id;
  object["answer"] = name_of(mqtt.answer);
  const bool has_code = mqtt.answer == MqttConnect::Answer::accepted || mqtt.answer == MqttConnect::Answer::refused;
  if (has_code) object["connack"] = mqtt.code;
  if (mqtt.alert) object["alert"] = alert_json(*mqtt.alert);
  add_error(object, 0, mqtt.error);
  return object;
}

std::string took(Milliseconds time) {
  return fmt::format("({} ms)", time.count());
}

// A stage that has not passed, in a few words.
std::string unhappy(Stage stage, const std::string& error, const std::optional<cloud::TlsAlert>& alert = {}) {
  std::string text(name_of(stage));
  if (alert) return text + fmt::format(": {} (alert {})", alert->name, alert->number);
  return error.empty() ? text : text + ": " + error;
}

class Printer {
 public:
  explicit Printer(Ui& ui) : ui_(ui) {}

  void run(const Probe& seen) {
    ui_.result(Line()
                   .add(Style::strong, fmt::format("{:12}", "online"))
                   .add(fmt::format(" {}:{} as this machine sees it", seen.server.host, seen.server.port)));
    print_way(seen);
    if (seen.tls.stage == Stage::not_tried) return;
    print_tls(seen.tls);
    for (const TlsHandshake& variant : seen.variants) print_variant(variant, seen.tls);
    print_mqtt(seen.mqtt);
  }

 private:
  void row(std::string_view name, const std::string& value) { ui_.result(fmt::format("  {:12} {}", name, value)); }

  void print_way(const Probe& seen) {
    const bool found = seen.lookup.stage == Stage::passed;
    std::string addresses;
    for (const std::string& address : seen.lookup.addresses) addresses += address + " ";
    row("name", found ? addresses + took(seen.lookup.took) : unhappy(seen.lookup.stage, seen.lookup.error));
    if (!found) return;
    const bool reached = seen.tcp.stage == Stage::passed;
    const std::string where = fmt::format("{}, port {} ", seen.tcp.address, seen.tcp.port);
    row("tcp", where + (reached ? took(seen.tcp.took) : unhappy(seen.tcp.stage, seen.tcp.error)));
  }

  void print_tls(const TlsHandshake& tls) {
    if (tls.stage == Stage::passed) {
      const std::string protocol = tls.protocol.empty() ? "" : ", " + tls.protocol;
      row("tls", fmt::format("{}, {}{} {}", tls.version, tls.cipher, protocol, took(tls.took)));
    } else {
      row("tls", unhappy(tls.stage, tls.error, tls.alert));
    }
    for (const auto& certificate : tls.chain) print_certificate(certificate);
    if (tls.trusted) row("verified", *tls.trusted ? "yes, by the CA" : "no: " + tls.distrust);
    if (tls.name_matches)
      row("its name", *tls.name_matches ? "matches the endpoint" : "is another than the endpoint's");
    const std::string alert = tls.alert ? fmt::format(": {} (alert {})", tls.alert->name, tls.alert->number) : "";
    row("device cert", std::string(name_of(tls.client_certificate)) + alert);
  }

  void print_certificate(const credentials::CertificateFacts& certificate) {
    row("shows", fmt::format("{}, issued by {}", certificate.subject, certificate.issuer));
    row("", fmt::format("valid from {} to {}", credentials::to_text(certificate.not_before),
                        credentials::to_text(certificate.not_after)));
    row("", "sha256 " + certificate.fingerprint);
  }

  void print_variant(const TlsHandshake& tls, const TlsHandshake& usual) {
    const std::string_view name = !tls.server_name                       ? "without SNI"
                                  : tls.offered == TlsVersions::only_1_2 ? "TLS 1.2"
                                                                         : "TLS 1.3";
    if (tls.stage != Stage::passed) {
      row(name, unhappy(tls.stage, tls.error, tls.alert));
      return;
    }
    const bool is_same =
        !tls.chain.empty() && !usual.chain.empty() && tls.chain.front().fingerprint == usual.chain.front().fingerprint;
    std::string text = fmt::format("{}, {}", tls.version, tls.cipher);
    if (!is_same && !tls.chain.empty()) text += ", shows " + tls.chain.front().subject;
    if (tls.trusted == false) text += ", not verified";
    row(name, text);
  }

  void print_mqtt(const MqttConnect& mqtt) {
    if (mqtt.stage == Stage::not_tried) {
      row("mqtt", "not tried");
    } else if (mqtt.answer == MqttConnect::Answer::accepted) {
      row("mqtt", fmt::format("accepted as \"{}\" {}", mqtt.client_id, took(mqtt.took)));
    } else if (mqtt.answer == MqttConnect::Answer::refused) {
      row("mqtt", fmt::format("refused as \"{}\": {} (CONNACK {})", mqtt.client_id,
                              cloud::meaning_of_connack(mqtt.code), mqtt.code));
    } else {
      row("mqtt", fmt::format("{} as \"{}\"", unhappy(mqtt.stage, mqtt.error, mqtt.alert), mqtt.client_id));
    }
  }

  Ui& ui_;
};

}  // namespace

void print_probe(Ui& ui, const Probe& seen) {
  Printer(ui).run(seen);
}

json to_json(const Probe& seen) {
  json object{{"host", seen.server.host}, {"port", seen.server.port}};
  object["lookup"] = stage_json(seen.lookup.stage, seen.lookup.took);
  object["lookup"]["addresses"] = seen.lookup.addresses;
  add_error(object["lookup"], 0, seen.lookup.error);
  object["tcp"] = stage_json(seen.tcp.stage, seen.tcp.took);
  if (seen.tcp.stage != Stage::not_tried) {
    object["tcp"]["address"] = seen.tcp.address;
    object["tcp"]["port"] = seen.tcp.port;
    add_error(object["tcp"], seen.tcp.code, seen.tcp.error);
  }
  object["tls"] = tls_json(seen.tls);
  object["variants"] = json::array();
  for (const TlsHandshake& variant : seen.variants) object["variants"].push_back(tls_json(variant));
  object["mqtt"] = mqtt_json(seen.mqtt);
  return object;
}

}  // namespace atcert::cli
