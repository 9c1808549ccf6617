// SPDX-License-Identifier: Apache-2.0
// push and verify, the parts of the main job, as commands of their own.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"
#include "support/observer.hpp"
#include "support/units.hpp"

namespace atcert::test {

TEST_CASE("push alone stores, verify alone proves") {
  Observer observer(Rig::shared_broker());
  for (const char* generation : {"pki", "nvs"}) {
    CAPTURE(generation);
    const Rig rig({.generation = generation});
    const Outcome before = rig.verify({"--json"});
    CHECK(before.exit_code == 5);
    CHECK(document_of(before)["error"]["code"] == "ca_missing");
    CHECK(rig.push().exit_code == 0);
    const std::string own = std::string("topic/of/") + generation;
    const Outcome after = rig.verify({"--topic", own});
    INFO(after.err);
    CHECK(after.exit_code == 0);
    CHECK(rig.dialogue().find(own) != std::string::npos);
    check_no_secrets(rig, after);
  }
  CHECK_FALSE(observer.payload_with("\"from\":\"module\"").empty());
}

TEST_CASE("what the module cannot do with the credentials is told as soon as it is known") {
  const Rig esp8266({.generation = "pki", .module = {"--module", "ESP-WROOM-02", "--release", "2.3.0.0"}});
  const Outcome without_tls = esp8266.push({"--json"});
  CHECK(without_tls.exit_code == 0);
  CHECK(without_tls.err.find("warning: ESP8266 2.3.0.0 does not do MQTT over TLS") != std::string::npos);
  CHECK(document_of(without_tls)["findings"].back()["code"] == "no_mqtt_tls");
  CHECK(esp8266.push({"--strict"}).exit_code == 3);

  const Rig old({.generation = "pki"});
  const auto answer = old.folder() / "describe.json";
  const nlohmann::json description = {
      {"certificateDescription",
       {{"certificatePem", old.broker().pki().device.certificate}, {"certificateMode", "SNI_ONLY"}}}};
  write_text(answer, description.dump());
  const auto key = old.folder() / "device.key";
  write_text(key, std::string(old.broker().pki().device.key.reveal_text()));
  const Outcome sni = run({.arguments = {"push", "--aws-json", answer, "--key", key, "--ca",
                                         old.credentials() / "AmazonRootCA1.pem", "-p", old.port()}});
  INFO(sni.err);
  CHECK(sni.exit_code == 0);
  CHECK(sni.err.find("cannot send the server's name: AT+MQTTSNI came with release 3.3") != std::string::npos);
}

}  // namespace atcert::test
