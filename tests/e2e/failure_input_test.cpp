// SPDX-License-Identifier: Apache-2.0
// Bad input is exit code 3 or 2, and nothing is sent to the module before all of it is known to be good.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"
#include "support/require.hpp"

namespace atcert::test {
namespace {

void check_untouched(const Rig& rig, const std::string& flash_before) {
  CHECK(rig.dialogue().empty());
  CHECK(rig.flash() == flash_before);
}

}  // namespace

TEST_CASE("a key of another certificate is refused before the port is opened") {
  for (const char* generation : {"pki", "nvs"}) {
    CAPTURE(generation);
    const Rig rig({.generation = generation});
    const std::string flash = rig.flash();
    rig.use_key(rig.broker().pki().server.key);
    const Outcome outcome = rig.provision({"--json"});
    CHECK(outcome.exit_code == 3);
    const auto error = document_of(outcome)["error"];
    CHECK(error["kind"] == "input");
    CHECK(error["what"].get<std::string>().find("-private.pem.key") != std::string::npos);
    CHECK(error.contains("remedy"));
    check_untouched(rig, flash);
  }
}

TEST_CASE("a damaged certificate is refused with its file's name") {
  const Rig rig;
  const std::string flash = rig.flash();
  const std::string& good = rig.broker().pki().device.certificate;
  rig.use_certificate(good.substr(0, good.size() / 2));
  const Outcome outcome = rig.provision();
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.err.find("certificate.pem.crt") != std::string::npos);
  check_untouched(rig, flash);
}

TEST_CASE("an endpoint with a scheme and a port is refused with the name to give instead") {
  const Rig rig({.endpoint = std::string("https://") + kEndpoint + ":8883"});
  const std::string flash = rig.flash();
  const Outcome outcome = rig.provision();
  CHECK((outcome.exit_code == 2 || outcome.exit_code == 3));
  CHECK(outcome.err.find(kEndpoint) != std::string::npos);
  check_untouched(rig, flash);
}

TEST_CASE("an unknown variable of the script is wrong usage") {
  const Rig rig;
  const std::string flash = rig.flash();
  const Outcome outcome = rig.provision({"--set", "wifi_tiemout=3"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("wifi_timeout") != std::string::npos);
  check_untouched(rig, flash);
}

TEST_CASE("a missing Wi-Fi name is wrong usage") {
  const Rig rig;
  const Outcome outcome = run({.arguments = {"provision", "--creds", rig.credentials(), "-p", rig.port(), "--log",
                                             rig.log(), "--endpoint", kEndpoint}});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("wifi_ssid") != std::string::npos);
  CHECK(rig.dialogue().empty());
}

TEST_CASE("--dry-run changes nothing") {
  for (const char* generation : {"pki", "nvs"}) {
    CAPTURE(generation);
    const Rig rig({.generation = generation});
    const std::string flash = rig.flash();
    const Outcome outcome = rig.provision({"--json", "--dry-run"});
    CHECK(outcome.exit_code == 0);
    CHECK(slot_states(outcome) == Arguments(3, "would be written"));
    CHECK(rig.flash() == flash);
  }
}

}  // namespace atcert::test
