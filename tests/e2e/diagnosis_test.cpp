// SPDX-License-Identifier: Apache-2.0
// The tool names the cause of what an emulated module does wrong: the code, the exit code, and what else it may be.
#include <algorithm>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "e2e/rig.hpp"

namespace atcert::test {
namespace {

struct Row {
  const char* fault;
  int exit_code;
  const char* code;        // of the likeliest cause
  const char* other = "";  // that must be named beside it
  const char* generation = "nvs";
};

// Short limits, so that what never comes costs seconds.
const Arguments kShort{"--json",
                       "--clock",
                       "sntp",
                       "--set",
                       "wifi_timeout=3",
                       "--set",
                       "sntp_attempts=2",
                       "--set",
                       "message_timeout=3",
                       "--set",
                       "join_attempts=1",
                       "--set",
                       "connect_attempts=1"};

const Row kRows[] = {
    // the port
    {"silent", 4, "no_answer"},
    {"echo-only", 4, "echo_only"},
    {"log-port", 4, "log_port"},
    // the module
    {"brown-out", 5, "weak_supply"},
    {"restart-in-mqttconn", 5, "mqttconn_crash", "weak_supply"},
    {"plain-mqtt", 5, "connection_other"},
    {"full-store", 5, "mfg_refused"},
    // Wi-Fi and time
    {"join-fails=0", 6, "wifi_timeout"},
    {"join-code=2", 6, "wifi_wrong_password"},
    {"join-code=3", 6, "wifi_not_found"},
    {"join-code=4", 6, "wifi_refused"},
    {"wifi-lost=connect", 6, "wifi_lost"},
    {"wifi-lost=publish", 6, "wifi_lost"},
    {"no-sntp", 6, "clock_not_set"},
    {"wrong-clock=7200", 6, "clock_zone"},
    {"wrong-clock=1000", 6, "clock_wrong"},
    // the cloud
    {"subscribe-denied", 7, "policy_subscribe"},
    {"publish-denied", 7, "policy_publish", "second_client"},
    {"message-lost", 7, "policy_receive"},
};

bool names(const nlohmann::json& document, const std::string& code) {
  if (!document.contains("diagnosis")) return false;
  const auto& causes = document["diagnosis"];
  return std::any_of(causes.begin(), causes.end(), [&](const auto& cause) { return cause["code"] == code; });
}

std::string answer_of_aws(const Rig& rig, const std::string& json) {
  const std::string file = rig.folder() / "describe.json";
  REQUIRE(write_file(file, as_bytes(json)).ok());
  return file;
}

}  // namespace

TEST_CASE("the cause of each fault comes first, under its code and exit code") {
  for (const Row& row : kRows) {
    CAPTURE(std::string(row.fault));
    const Rig rig({.generation = row.generation, .faults = {row.fault}});
    const Outcome outcome = rig.provision(kShort);
    const auto document = document_of(outcome);
    CHECK(outcome.exit_code == row.exit_code);
    CHECK(document["error"]["code"] == row.code);
    REQUIRE(document.contains("diagnosis"));
    CHECK(document["diagnosis"][0]["code"] == row.code);
    // Of a port the code may say it all.
    CHECK((row.exit_code == 4 || !document["diagnosis"][0]["evidence"].empty()));
    if (*row.other != '\0') CHECK(names(document, row.other));
    check_no_secrets(rig, outcome);
  }
}

TEST_CASE("a Wi-Fi that was lost is never blamed on a policy") {
  const Rig rig({.faults = {"wifi-lost=publish"}});
  const auto document = document_of(rig.provision(kShort));
  for (const auto& cause : document["diagnosis"]) {
    CHECK(cause["code"].get<std::string>().find("policy") == std::string::npos);
  }
}

TEST_CASE("a connection that another client takes over names a second client of the same id") {
  const Rig rig({.faults = {"taken-over=1"}});
  const Outcome outcome = rig.provision(kShort);
  CHECK(outcome.exit_code == 7);
  CHECK(names(document_of(outcome), "second_client"));
}

TEST_CASE("a name that the module does not find is told from a connection that is refused") {
  const Rig rig({.module = {"--no-dns", kEndpoint}});
  const Outcome outcome = rig.provision(kShort);
  CHECK(outcome.exit_code == 7);
  CHECK(document_of(outcome)["error"]["code"] == "dns_failed");
}

TEST_CASE("empty slots are named, whatever the module keeps them in") {
  for (const char* generation : {"pki", "nvs"}) {
    CAPTURE(generation);
    const Rig rig({.generation = generation});
    const auto document = document_of(rig.verify(kShort));
    CHECK(document["error"]["code"] == "ca_missing");
    CHECK(document["exit"]["code"] == 5);
  }
}

TEST_CASE("a person reads the evidence, the code and what else it may be") {
  const Rig rig({.faults = {"publish-denied"}});
  const Outcome outcome = rig.provision({"--set", "message_timeout=3"});
  for (const char* words : {"evidence: ", "likely:   policy_publish; atcert explain policy_publish tells more",
                            "or:       second_client (possible)", "told by:"}) {
    CAPTURE(words);
    CHECK(outcome.err.find(words) != std::string::npos);
  }
}

TEST_CASE("what AWS says of the certificate is evidence, and of another certificate it is none") {
  const Pki other = Pki::make();
  const Rig rig;
  rig.use_ca(other.authority.certificate);
  const auto described = [&](const std::string& id, const std::string& status) {
    const std::string file = answer_of_aws(
        rig, R"({"certificateDescription": {"certificateId": ")" + id + R"(", "status": ")" + status + R"("}})");
    return document_of(rig.provision({"--json", "--aws-certificate-json", file}));
  };
  const auto first = document_of(rig.provision({"--json"}));
  const auto id = first["credentials"]["sha256"].get<std::string>();
  CHECK(described(id, "INACTIVE")["error"]["code"] == "certificate_inactive");
  CHECK(described(id, "REVOKED")["error"]["code"] == "certificate_revoked");
  CHECK(described(id, "PENDING_TRANSFER")["error"]["code"] == "certificate_in_transfer");
  CHECK(described(id, "PENDING_ACTIVATION")["error"]["code"] == "certificate_pending");
  const auto another = described(std::string(64, 'a'), "INACTIVE");
  CHECK_FALSE(names(another, "certificate_inactive"));
  CHECK(names(another, "certificate_other"));
}

TEST_CASE("an answer of AWS that is none stops the job before the port is opened") {
  const Rig rig;
  const Outcome outcome = rig.provision({"--json", "--aws-certificate-json", answer_of_aws(rig, "{}")});
  CHECK(outcome.exit_code == 3);
  CHECK(document_of(outcome)["error"]["code"] == "aws_certificate");
}

}  // namespace atcert::test
