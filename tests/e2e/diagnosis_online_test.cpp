// SPDX-License-Identifier: Apache-2.0
// --online: what this machine sees of a real broker (mosquitto) decides between causes that look the same to a module.
#include <algorithm>
#include <utility>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/scratch_folder.hpp"
#include "e2e/rig.hpp"
#include "support/require.hpp"
#include "support/revocation.hpp"

namespace atcert::test {
namespace {

using Settings = std::vector<std::string>;

Arguments online(const Rig& rig) {
  return {"--json", "--set", "connect_attempts=1", "--online", "--online-broker", rig.broker().address()};
}

void check_cause(const Rig& rig, const Outcome& outcome, const char* code, const char* confidence) {
  const auto document = document_of(outcome);
  CHECK(outcome.exit_code == 7);
  CHECK(document["error"]["code"] == code);
  REQUIRE(document.contains("diagnosis"));
  CHECK(document["diagnosis"][0]["code"] == code);
  CHECK(document["diagnosis"][0]["confidence"] == confidence);
  check_no_secrets(rig, outcome);
}

}  // namespace

TEST_CASE("a broker that refuses this client id alone is a policy, for certain") {
  const Broker broker(false, Settings{"clientid_prefixes atcert-atcert-"});
  const Rig rig({.broker = &broker});
  check_cause(rig, rig.provision(online(rig)), "policy_connect", "certain");
}

TEST_CASE("a broker that refuses every client id is most likely a policy") {
  const Broker broker(false, Settings{"clientid_prefixes device-"});
  const Rig rig({.broker = &broker});
  check_cause(rig, rig.provision(online(rig)), "policy_connect", "likely");
}

TEST_CASE("verify looks with the credentials that it finds in the module") {
  const Broker broker(false, Settings{"clientid_prefixes atcert-atcert-"});
  const Rig rig({.broker = &broker});
  REQUIRE(rig.push().exit_code == 0);
  check_cause(rig, rig.verify(online(rig)), "policy_connect", "certain");
}

TEST_CASE("a root CA that does not verify the broker's chain is the cause, for certain") {
  const Pki other = Pki::make();
  const Rig rig;
  rig.use_ca(other.authority.certificate);
  check_cause(rig, rig.provision(online(rig)), "wrong_root_ca", "certain");
}

TEST_CASE("a certificate that the broker does not know ends in an alert, seen from this machine too") {
  const Pki other = Pki::make();
  const Rig rig;
  rig.use_certificate(other.device.certificate);
  rig.use_key(other.device.key);
  check_cause(rig, rig.provision(online(rig)), "tls_alert", "likely");
}

TEST_CASE("a certificate that was revoked ends in an alert, seen from this machine too") {
  const ScratchFolder folder = require(ScratchFolder::create("revoked"));
  const std::string file = folder.path() / "crl.pem";
  Pki pki = Pki::make();
  REQUIRE(write_file(file, as_bytes(revocation_list(pki.authority, pki.device.certificate))).ok());
  const Broker broker(std::move(pki), Settings{"crlfile " + file});
  const Rig rig({.broker = &broker});
  check_cause(rig, rig.provision(online(rig)), "tls_alert", "likely");
}

TEST_CASE("a broker that speaks TLS 1.3 alone is named") {
  const Broker broker(false, Settings{"tls_version tlsv1.3"});
  const Rig rig({.broker = &broker});
  check_cause(rig, rig.provision(online(rig)), "tls_1_3_only", "certain");
}

TEST_CASE("a broker that is down is refused to both sides") {
  Broker gone;
  gone.stop();
  const Rig rig({.broker = &gone});
  check_cause(rig, rig.provision(online(rig)), "mqtt_port_closed", "certain");
}

TEST_CASE("without MQTT CONNECT this machine's look tells less, and throws nobody out") {
  const Broker broker(false, Settings{"clientid_prefixes atcert-atcert-"});
  const Rig rig({.broker = &broker});
  Arguments arguments = online(rig);
  arguments.push_back("--no-connect");
  const auto document = document_of(rig.provision(arguments));
  const auto& causes = document["diagnosis"];
  const auto policy =
      std::find_if(causes.begin(), causes.end(), [](const auto& cause) { return cause["code"] == "policy_connect"; });
  REQUIRE(policy != causes.end());
  CHECK((*policy)["confidence"] == "possible");
}

TEST_CASE("this machine does not look unless it is asked to, or where the module did not come so far") {
  const auto looked = [](const Outcome& outcome) {
    return outcome.out.find("look from this machine") != std::string::npos;
  };
  Broker gone;
  gone.stop();
  const Rig unreached({.broker = &gone});
  CHECK_FALSE(looked(unreached.provision({"--json", "--set", "connect_attempts=1"})));
  CHECK(looked(unreached.provision(online(unreached))));
  const Rig unjoined({.faults = {"join-code=2"}});
  Arguments arguments = online(unjoined);
  arguments.insert(arguments.end(), {"--set", "wifi_timeout=3", "--set", "join_attempts=1"});
  CHECK_FALSE(looked(unjoined.provision(arguments)));
}

}  // namespace atcert::test
