// SPDX-License-Identifier: Apache-2.0
// What a probe saw as an error; end to end in tests/e2e/check_online_test.cpp.
#include "cloud/probe_failure.hpp"

#include <netdb.h>

#include <cerrno>

#include <doctest/doctest.h>

namespace atcert::cloud {
namespace {

// All is well.
Probe good() {
  Probe seen;
  seen.server.host = "a1-ats.iot.eu-west-1.amazonaws.com";
  seen.lookup.stage = Stage::passed;
  seen.tcp.stage = Stage::passed;
  seen.tcp.port = 8883;
  seen.tls.stage = Stage::passed;
  seen.tls.trusted = true;
  seen.tls.name_matches = true;
  seen.tls.client_certificate = TlsHandshake::ClientCertificate::accepted;
  return seen;
}

std::string code_of(const Probe& seen, ErrorKind kind) {
  const auto error = failure_of(seen, nullptr);
  if (!error) return {};
  CHECK(error->kind == kind);
  CHECK_FALSE(error->what.empty());
  CHECK((error->kind == ErrorKind::interrupted || !error->cause.empty()));
  CHECK_FALSE(error->remedy.empty());
  return error->code;
}

}  // namespace

TEST_CASE("a probe with nothing wrong is no failure") {
  CHECK_FALSE(failure_of(good(), nullptr));
}

TEST_CASE("each stage that ends before its time has a code, and its kind says whose fault it is") {
  using Change = void (*)(Probe&);
  const struct {
    Change change;
    ErrorKind kind;
    const char* code;
  } rows[] = {
      {[](Probe& seen) { seen.lookup.stage = Stage::timed_out; }, ErrorKind::network, "host_dns_timeout"},
      {[](Probe& seen) { seen.lookup = {.stage = Stage::failed, .code = EAI_NONAME}; }, ErrorKind::network,
       "host_dns_failed"},
      {[](Probe& seen) { seen.tcp.stage = Stage::timed_out; }, ErrorKind::network, "host_tcp_timeout"},
      {[](Probe& seen) { seen.tcp = {.stage = Stage::failed, .code = EHOSTUNREACH}; }, ErrorKind::network,
       "host_tcp_failed"},
      {[](Probe& seen) { seen.tls.stage = Stage::timed_out; }, ErrorKind::cloud, "host_tls_timeout"},
      {[](Probe& seen) { seen.tls.stage = Stage::failed; }, ErrorKind::cloud, "host_tls_failed"},
      {[](Probe& seen) { seen.mqtt.stage = Stage::timed_out; }, ErrorKind::cloud, "host_mqtt_timeout"},
      {[](Probe& seen) {
         seen.mqtt = {.stage = Stage::failed, .alert = TlsAlert{46, "certificate unknown"}};
       },
       ErrorKind::cloud, "host_mqtt_alert"},
      {[](Probe& seen) { seen.mqtt.stage = Stage::failed; }, ErrorKind::cloud, "host_mqtt_failed"},
      {[](Probe& seen) { seen.lookup.stage = Stage::interrupted; }, ErrorKind::interrupted, "interrupted"},
      {[](Probe& seen) { seen.tcp.stage = Stage::interrupted; }, ErrorKind::interrupted, "interrupted"},
      {[](Probe& seen) { seen.tls.stage = Stage::interrupted; }, ErrorKind::interrupted, "interrupted"},
      {[](Probe& seen) { seen.mqtt.stage = Stage::interrupted; }, ErrorKind::interrupted, "interrupted"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.code);
    Probe seen = good();
    row.change(seen);
    CHECK(code_of(seen, row.kind) == row.code);
  }
}

TEST_CASE("CONNACK codes have the words of MQTT 3.1.1, and AWS's own is understood") {
  CHECK(meaning_of_connack(2) == "client id rejected");
  CHECK(meaning_of_connack(5) == "not authorized");
  CHECK(meaning_of_connack(7) == "not authorized");
  CHECK(meaning_of_connack(77) == "no code of MQTT 3.1.1");
}

}  // namespace atcert::cloud
