// SPDX-License-Identifier: Apache-2.0
// The main job goes well, for both generations.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"
#include "support/observer.hpp"

namespace atcert::test {
namespace {

std::string key_of(const Rig& rig) {
  return std::string(rig.broker().pki().device.key.reveal_text());
}

// The flash holds the three, and nothing of the line's Wi-Fi. A line of PEM may lie across a border of NVS pages.
void check_flash(const Rig& rig) {
  const std::string flash = rig.flash();
  CHECK(share_of_lines(rig.broker().pki().device.certificate, flash) > 0.8);
  CHECK(share_of_lines(rig.broker().pki().authority.certificate, flash) > 0.8);
  CHECK(share_of_lines(key_of(rig), flash) > 0.5);
  CHECK(flash.find(kNetwork) == std::string::npos);
  CHECK(flash.find(kNetworkPassword) == std::string::npos);
}

// A run that goes well: proven by a second client of the broker, and by the module's flash.
void check_provisioning(const std::string& generation) {
  Observer observer(Rig::shared_broker());
  const Rig rig({.generation = generation});
  CHECK(share_of_lines(key_of(rig), rig.flash()) == 0);

  const Outcome outcome = rig.provision({"--json"});
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const auto document = document_of(outcome);
  CHECK(document["exit"]["name"] == "ok");
  CHECK(document["module"]["generation"] == generation);
  CHECK(slot_states(outcome) == Arguments(3, "written"));

  // The nonce of the run is in what the broker passed on, in its topic, and in what the module was told to send.
  const auto message = nlohmann::json::parse(observer.payload_with("\"from\":\"module\""), nullptr, false);
  REQUIRE_FALSE(message.is_discarded());
  const std::string nonce = message["atcert"];
  CHECK(nonce.size() >= 8);
  CHECK(observer.saw({"atcert/" + nonce, message.dump()}));
  CHECK(rig.dialogue().find("\"atcert/" + nonce + "\"") != std::string::npos);

  check_flash(rig);
  check_no_secrets(rig, outcome);
}

// What is there already is not written again, unless it is forced.
void check_repetition(const std::string& generation) {
  const Rig rig({.generation = generation});
  REQUIRE(rig.push().exit_code == 0);
  CHECK(slot_states(rig.provision({"--json"})) == Arguments(3, "equal"));
  CHECK(slot_states(rig.push({"--json", "--force"})) == Arguments(3, "written"));
}

}  // namespace

TEST_CASE("a module of generation pki gets its credentials and its message comes round") {
  check_provisioning("pki");
}

TEST_CASE("a module of generation nvs gets its credentials and its message comes round") {
  check_provisioning("nvs");
}

TEST_CASE("a second run finds the credentials in place (pki)") {
  check_repetition("pki");
}

TEST_CASE("a second run finds the credentials in place (nvs)") {
  check_repetition("nvs");
}

}  // namespace atcert::test
