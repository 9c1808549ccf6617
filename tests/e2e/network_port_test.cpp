// SPDX-License-Identifier: Apache-2.0
// The main job on a module behind a real ser2net.
#include <filesystem>

#include <doctest/doctest.h>

#include "rig.hpp"
#include "support/ser2net.hpp"

namespace atcert::test {
namespace {

void check_provision(const std::string& generation, std::string (Ser2net::*name)() const) {
  Rig rig({.generation = generation});
  const Ser2net server(std::filesystem::canonical(rig.port()));
  rig.reach_by((server.*name)());
  const Outcome outcome = rig.provision({"--json"});
  INFO(outcome.all());
  CHECK(outcome.exit_code == 0);
  CHECK(document_of(outcome)["module"]["port"] == (server.*name)());
  CHECK(slot_states(outcome) == std::vector<std::string>{"written", "written", "written"});
  check_no_secrets(rig, outcome);
}

}  // namespace

TEST_CASE("a module behind RFC 2217 is provisioned as one on a port of this machine") {
  check_provision("nvs", &Ser2net::rfc2217);
  check_provision("pki", &Ser2net::rfc2217);
}

TEST_CASE("a module behind bytes over TCP is provisioned as one on a port of this machine") {
  check_provision("nvs", &Ser2net::socket);
  check_provision("pki", &Ser2net::socket);
}

TEST_CASE("a name of a port that is none is wrong usage") {
  const Outcome outcome =
      run({.arguments = {"push", "--aws-json", "x", "--ca", "AmazonRootCA1", "-p", "socket://h", "--json"}});
  CHECK(outcome.exit_code == 2);
  CHECK(document_of(outcome)["error"]["code"] == "port_name");
}

}  // namespace atcert::test
