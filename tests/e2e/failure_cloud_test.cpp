// SPDX-License-Identifier: Apache-2.0
// The module does not reach the cloud: exit code 7, and the cause by name.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"

namespace atcert::test {
namespace {

constexpr const char* kGenerations[] = {"pki", "nvs"};

void check_refused(const Rig& rig, const char* code) {
  const Outcome outcome = rig.provision({"--json"});
  CHECK(outcome.exit_code == 7);
  const auto error = document_of(outcome)["error"];
  CHECK(error["kind"] == "cloud");
  CHECK(error["code"] == code);
  check_no_secrets(rig, outcome);
}

}  // namespace

TEST_CASE("a CA of another family fails the connection, with the credentials in place") {
  const Pki other = Pki::make();
  for (const char* generation : kGenerations) {
    CAPTURE(generation);
    const Rig rig({.generation = generation});
    rig.use_ca(other.authority.certificate);
    check_refused(rig, "wrong_root_ca");
    CHECK(share_of_lines(other.authority.certificate, rig.flash()) > 0.8);
  }
}

TEST_CASE("a certificate that the broker does not know fails the connection") {
  const Pki other = Pki::make();
  const Rig rig;
  rig.use_certificate(other.device.certificate);
  rig.use_key(other.device.key);
  // The name is one of AWS's, and the root CA is not: from the module alone that is the likeliest.
  check_refused(rig, "wrong_root_ca");
}

TEST_CASE("with AT+MQTTSNI a broker of another name is refused") {
  const Rig rig({.endpoint = "other-ats.iot.eu-central-1.amazonaws.com"});
  const Outcome outcome = rig.provision({"--json"});
  CHECK(outcome.exit_code == 7);
}

TEST_CASE("a broker that is down fails the connection") {
  Broker gone;
  gone.stop();
  for (const char* generation : kGenerations) {
    CAPTURE(generation);
    check_refused(Rig({.generation = generation, .broker = &gone}), "mqtt_port_closed");
  }
}

}  // namespace atcert::test
