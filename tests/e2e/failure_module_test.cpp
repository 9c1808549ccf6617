// SPDX-License-Identifier: Apache-2.0
// The port is dead, the module is silent or refuses: exit codes 4 and 5.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"

namespace atcert::test {

TEST_CASE("a port that is not there is exit code 4 with its name") {
  const Rig rig;
  const std::string missing = rig.folder() / "no-port";
  const Outcome outcome = run({.arguments = {"push", "--creds", rig.credentials(), "-p", missing, "--json"}});
  CHECK(outcome.exit_code == 4);
  CHECK(document_of(outcome)["error"]["what"].get<std::string>().find(missing) != std::string::npos);
}

TEST_CASE("a module that says nothing is exit code 4") {
  const Rig rig({.faults = {"silent"}});
  const Outcome outcome = rig.provision({"--json"});
  CHECK(outcome.exit_code == 4);
  CHECK(document_of(outcome)["error"]["kind"] == "no_module");
}

TEST_CASE("a write that the module refuses is exit code 5 with the slot's name") {
  for (const char* generation : {"pki", "nvs"}) {
    CAPTURE(generation);
    const Rig rig({.generation = generation, .faults = {"write-refused"}});
    const Outcome outcome = rig.provision({"--json"});
    CHECK(outcome.exit_code == 5);
    const auto error = document_of(outcome)["error"];
    CHECK(error["kind"] == "module");
    CHECK(error["what"].get<std::string>().find("mqtt_") != std::string::npos);
    check_no_secrets(rig, outcome);
  }
}

TEST_CASE("a connection that the module reports as one without TLS proves nothing") {
  for (const char* generation : {"pki", "nvs"}) {
    CAPTURE(generation);
    const Rig rig({.generation = generation, .faults = {"plain-mqtt"}});
    const Outcome outcome = rig.provision({"--json"});
    CHECK(outcome.exit_code == 5);
    const auto error = document_of(outcome)["error"];
    CHECK(error["code"] == "connection_other");
    CHECK(error["what"].get<std::string>().find("+MQTTCONNECTED:0,1,\"") != std::string::npos);
  }
}

TEST_CASE("a byte that is stored wrong is found by reading back") {
  for (const char* generation : {"pki", "nvs"}) {
    CAPTURE(generation);
    const Rig rig({.generation = generation, .faults = {"bit-flip"}});
    CHECK(rig.push().exit_code == 5);
  }
}

}  // namespace atcert::test
