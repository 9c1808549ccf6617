// SPDX-License-Identifier: Apache-2.0
// --clock: where a module gets the time from when no time server answers it.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"

namespace atcert::test {
namespace {

constexpr const char* kGenerations[] = {"pki", "nvs"};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("without a time server the module gets this machine's time, and connects with it") {
  for (const char* generation : kGenerations) {
    CAPTURE(generation);
    const Rig rig({.generation = generation, .faults = {"no-sntp"}});
    const Outcome outcome = rig.provision({"--clock", "host"});
    INFO(outcome.all());
    CHECK(outcome.exit_code == 0);
    CHECK(contains(rig.dialogue(), "> AT+SYSTIMESTAMP="));
    CHECK_FALSE(contains(rig.dialogue(), "> AT+CIPSNTPCFG="));
  }
}

TEST_CASE("auto tries a time server first, and says that this machine's time took its place") {
  const Rig rig({.faults = {"no-sntp"}});
  const Outcome outcome = rig.provision({"--clock", "auto", "--set", "sntp_attempts=2", "-v"});
  INFO(outcome.all());
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.err, "wait for the time: AT+CIPSNTPTIME?: the module's clock says"));
  CHECK(contains(outcome.err, "set the clock from this machine: this machine's time stands in for a time server's"));
}

TEST_CASE("auto leaves a module alone that gets the time from a time server") {
  const Rig rig;
  CHECK(rig.provision({"--clock", "auto"}).exit_code == 0);
  CHECK_FALSE(contains(rig.dialogue(), "AT+SYSTIMESTAMP="));
}

TEST_CASE("a word that is no clock is wrong usage, before the port is opened") {
  const Rig rig;
  const Outcome outcome = rig.provision({"--clock", "sundial"});
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "give one of these: sntp, host, auto"));
  CHECK_FALSE(contains(rig.dialogue(), "> AT"));
}

}  // namespace atcert::test
