// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/host.hpp"

#include <cerrno>

#include <doctest/doctest.h>

namespace atcert::diagnosis {

using cloud::MqttConnect;
using cloud::Probe;
using cloud::Stage;
using cloud::TlsHandshake;
using cloud::TlsVersions;

TEST_CASE("what was not tried is not known") {
  const Host host = host_evidence({}, nullptr);
  CHECK_FALSE(host.resolves);
  CHECK_FALSE(host.tcp);
  CHECK_FALSE(host.tls);
  CHECK_FALSE(host.verified);
  CHECK_FALSE(host.mqtt);
  CHECK_FALSE(host.other_id);
}

TEST_CASE("every stage is evidence") {
  Probe probe;
  probe.lookup.stage = Stage::passed;
  probe.tcp.stage = Stage::passed;
  probe.tls.stage = Stage::passed;
  probe.tls.trusted = true;
  TlsHandshake nameless = probe.tls;
  nameless.server_name = false;
  nameless.stage = Stage::failed;
  nameless.alert = cloud::TlsAlert{112, "unrecognized name"};
  TlsHandshake old = probe.tls;
  old.offered = TlsVersions::only_1_2;
  old.stage = Stage::failed;
  TlsHandshake newer = probe.tls;
  newer.offered = TlsVersions::only_1_3;
  probe.variants = {nameless, old, newer};
  probe.mqtt.answer = MqttConnect::Answer::closed;
  Probe other;
  other.mqtt.answer = MqttConnect::Answer::accepted;
  const Host host = host_evidence(probe, &other);
  CHECK(host.resolves == true);
  CHECK(host.tcp == Attempt::made);
  CHECK(host.tls == Attempt::made);
  CHECK(host.verified == true);
  CHECK(host.tls_without_sni == Attempt::alert);
  CHECK(host.tls_1_2 == Attempt::refused);
  CHECK(host.tls_1_3 == Attempt::made);
  CHECK(host.mqtt == "closed");
  CHECK(host.other_id == "accepted");
}

TEST_CASE("a certificate that is refused after the handshake of TLS 1.3 is an alert") {
  Probe probe;
  probe.tls.stage = Stage::passed;
  probe.tls.client_certificate = TlsHandshake::ClientCertificate::refused;
  CHECK(host_evidence(probe, nullptr).tls == Attempt::alert);
}

TEST_CASE("a port that is closed and one that is dropped are told apart") {
  Probe probe;
  probe.tcp.stage = Stage::failed;
  probe.tcp.code = ECONNREFUSED;
  CHECK(host_evidence(probe, nullptr).tcp == Attempt::refused);
  probe.tcp.stage = Stage::timed_out;
  CHECK(host_evidence(probe, nullptr).tcp == Attempt::timed_out);
}

}  // namespace atcert::diagnosis
