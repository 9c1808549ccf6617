// SPDX-License-Identifier: Apache-2.0
// The module has no network: exit code 6, and the cause by name.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"

namespace atcert::test {
namespace {

constexpr const char* kGenerations[] = {"pki", "nvs"};

}  // namespace

TEST_CASE("a wrong Wi-Fi password is named as such, and is in no output") {
  for (const char* generation : kGenerations) {
    CAPTURE(generation);
    const Rig rig({.generation = generation, .password = "s3cret but wrong"});
    const Outcome outcome = rig.provision({"--json", "--set", "wifi_timeout=3"});
    CHECK(outcome.exit_code == 6);
    const auto error = document_of(outcome)["error"];
    CHECK(error["kind"] == "network");
    CHECK(error["code"] == "wifi_wrong_password");
    check_no_secrets(rig, outcome);
  }
}

TEST_CASE("the text for a person names the step, the module's words, the cause and the remedy") {
  const Rig rig({.password = "s3cret but wrong"});
  const Outcome outcome = rig.provision({"--set", "wifi_timeout=3"});
  CHECK(outcome.exit_code == 6);
  CHECK(outcome.err.find("join Wi-Fi") != std::string::npos);
  CHECK(outcome.err.find("+CWJAP:2") != std::string::npos);
  CHECK(outcome.err.find("the password is wrong") != std::string::npos);
  CHECK(outcome.err.find("correct the Wi-Fi password") != std::string::npos);
  check_no_secrets(rig, outcome);
}

TEST_CASE("an unknown network is named as such") {
  const Rig rig({.network = "nowhere"});
  const Outcome outcome = rig.provision({"--json", "--set", "wifi_timeout=3"});
  CHECK(outcome.exit_code == 6);
  CHECK(document_of(outcome)["error"]["code"] == "wifi_not_found");
}

TEST_CASE("a clock that is never set is named as such") {
  for (const char* generation : kGenerations) {
    CAPTURE(generation);
    const Rig rig({.generation = generation, .faults = {"no-sntp"}});
    const Outcome outcome = rig.provision({"--json", "--set", "sntp_attempts=2"});
    CHECK(outcome.exit_code == 6);
    CHECK(document_of(outcome)["error"]["code"] == "clock_not_set");
  }
}

}  // namespace atcert::test
