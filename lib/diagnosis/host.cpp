// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/host.hpp"

#include <cerrno>

namespace atcert::diagnosis {
namespace {

using cloud::MqttConnect;
using cloud::Stage;
using cloud::TlsHandshake;
using cloud::TlsVersions;

std::optional<bool> passed(Stage stage) {
  if (stage == Stage::passed) return true;
  return stage == Stage::failed ? std::optional(false) : std::nullopt;
}

std::optional<Attempt> attempt(const cloud::TcpConnection& tcp) {
  if (tcp.stage == Stage::passed) return Attempt::made;
  if (tcp.stage == Stage::timed_out || tcp.code == ETIMEDOUT) return Attempt::timed_out;
  return tcp.stage == Stage::failed ? std::optional(Attempt::refused) : std::nullopt;
}

// TLS 1.3 tells after the handshake alone what the server makes of the client's certificate.
std::optional<Attempt> attempt(const TlsHandshake& tls) {
  if (tls.alert || tls.client_certificate == TlsHandshake::ClientCertificate::refused) return Attempt::alert;
  if (tls.stage == Stage::passed) return Attempt::made;
  if (tls.stage == Stage::timed_out) return Attempt::timed_out;
  return tls.stage == Stage::failed ? std::optional(Attempt::refused) : std::nullopt;
}

std::optional<std::string> answer(const MqttConnect& mqtt) {
  switch (mqtt.answer) {
    case MqttConnect::Answer::accepted:
      return "accepted";
    case MqttConnect::Answer::refused:
      return "refused";
    case MqttConnect::Answer::closed:
      return "closed";
    case MqttConnect::Answer::none:
      break;
  }
  return std::nullopt;
}

}  // namespace

Host host_evidence(const cloud::Probe& probe, const cloud::Probe* other_id) {
  Host host;
  host.resolves = passed(probe.lookup.stage);
  host.tcp = attempt(probe.tcp);
  host.tls = attempt(probe.tls);
  host.verified = probe.tls.trusted;
  for (const TlsHandshake& variant : probe.variants) {
    if (!variant.server_name) host.tls_without_sni = attempt(variant);
    if (variant.offered == TlsVersions::only_1_2) host.tls_1_2 = attempt(variant);
    if (variant.offered == TlsVersions::only_1_3) host.tls_1_3 = attempt(variant);
  }
  host.mqtt = answer(probe.mqtt);
  if (other_id != nullptr) host.other_id = answer(other_id->mqtt);
  return host;
}

}  // namespace atcert::diagnosis
