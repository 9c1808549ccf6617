// SPDX-License-Identifier: Apache-2.0
// --observe: both directions between module and broker, seen from the host as well; and by a third client,
// libmosquitto.
#include <csignal>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "e2e/rig.hpp"
#include "support/leaks.hpp"
#include "support/observer.hpp"
#include "support/require.hpp"
#include "support/units.hpp"

namespace atcert::test {
namespace {

constexpr const char* kGenerations[] = {"pki", "nvs"};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Credentials of the observer's own, in a folder.
class Watcher {
 public:
  explicit Watcher(const Broker& broker)
      : broker_(broker),
        own_(require(credentials::make_device(broker.pki().authority, throwaway_options("observer")))),
        folder_(require(ScratchFolder::create("observer"))) {
    write_text(folder_.path() / "device.pem.crt", own_.certificate);
    write_text(folder_.path() / "private.pem.key", own_.key.reveal_text());
    write_text(folder_.path() / "root.pem", broker.pki().authority.certificate);
  }

  Arguments options(const Arguments& more = {}) const {
    Arguments all = {"--observe", "--observer-creds", folder_.path(), "--observer-broker", broker_.address()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  void check_key_is_kept(const Rig& rig, const Outcome& outcome) const {
    CHECK_FALSE(gives_away_key(outcome.all() + rig.dialogue(), std::string(own_.key.reveal_text())));
  }

 private:
  const Broker& broker_;
  credentials::Throwaway own_;
  ScratchFolder folder_;
};

}  // namespace

TEST_CASE("the host sees the module's message, and the module receives one of several lines from the host") {
  const Broker& broker = Rig::shared_broker();
  Observer third(broker);
  const Watcher watcher(broker);
  for (const char* generation : kGenerations) {
    CAPTURE(generation);
    const Rig rig({.generation = generation});
    const std::string topic = std::string("observed/") + generation;
    const Outcome outcome = rig.provision(watcher.options({"--topic", topic}));
    INFO(outcome.all());
    CHECK(outcome.exit_code == 0);
    CHECK(contains(outcome.out, "messages went both ways between module and broker"));
    const std::string hello = third.payload_with("Hello from the observer");
    CHECK(std::count(hello.begin(), hello.end(), '\n') == 3);
    const std::string received = fmt::format("+MQTTSUBRECV:0,\"{}\",{},", topic, hello.size());
    CHECK(contains(rig.dialogue(), received));
    check_no_secrets(rig, outcome);
    watcher.check_key_is_kept(rig, outcome);
  }
}

TEST_CASE("verify observes too, with credentials of the observer's own, and tells it in the report") {
  const Watcher watcher(Rig::shared_broker());
  const Rig rig;
  REQUIRE(rig.push().exit_code == 0);
  const auto document = document_of(rig.verify(watcher.options({"--observer-client-id", "watcher", "--json"})));
  CHECK(document["exit"]["code"] == 0);
  CHECK(document["observer"]["client_id"] == "watcher");
  CHECK(document["observer"]["hears_events"] == true);
  CHECK(rig.verify({"--observe"}).exit_code == 2);
  CHECK(rig.verify({"--observer-client-id", "watcher"}).exit_code == 2);
}

TEST_CASE("provision observes with the module's credentials where no others are given") {
  const Rig rig;
  CHECK(rig.provision({"--observe", "--observer-broker", rig.broker().address()}).exit_code == 0);
}

TEST_CASE("what AWS says of the module's connection is in the report") {
  const Broker& broker = Rig::shared_broker();
  Observer aws(broker);
  const Watcher watcher(broker);
  const Rig rig;
  const std::string event =
      R"({"clientId": "device-42", "eventType": "connect_failed", "connectFailureReason": "AUTHORIZATION_FAILED"})";
  // Retained, so that it comes when the observer subscribes: this broker has no events of its own.
  aws.publish({"$aws/events/presence/connect_failed/device-42", event}, true);
  const Outcome outcome = rig.provision(watcher.options({"--client-id", "device-42", "--json", "-v"}));
  aws.publish({"$aws/events/presence/connect_failed/device-42", ""}, true);
  const auto events = document_of(outcome)["observer"]["events"];
  REQUIRE(events.size() == 1);
  CHECK(events[0]["event"] == "connect_failed");
  CHECK(events[0]["reason"] == "AUTHORIZATION_FAILED");
  CHECK(contains(outcome.err, "AWS says of \"device-42\": connect_failed, AUTHORIZATION_FAILED"));
}

TEST_CASE("AWS's own word on a refused connection decides what the cause is") {
  const Broker& watched = Rig::shared_broker();
  Observer aws(watched);
  const Watcher watcher(watched);
  const Broker strict(false, {"clientid_prefixes line-"});  // where the module is led to: all that it hears is ERROR
  const Rig rig({.broker = &strict});
  const std::string event =
      R"({"clientId": "device-7", "eventType": "connect_failed", "connectFailureReason": "AUTHORIZATION_FAILED"})";
  aws.publish({"$aws/events/presence/connect_failed/device-7", event}, true);
  const Outcome outcome = rig.provision(watcher.options({"--client-id", "device-7", "--json"}));
  aws.publish({"$aws/events/presence/connect_failed/device-7", ""}, true);
  const auto document = document_of(outcome);
  CHECK(document["exit"]["code"] == 7);
  CHECK(document["error"]["code"] == "policy_connect");
}

TEST_CASE("an observer that cannot connect ends the job before the port is opened") {
  const Broker elsewhere;
  const Watcher stranger(elsewhere);
  const Rig rig;
  const Outcome outcome = rig.provision(
      {"--observe", "--observer-creds", rig.credentials(), "--observer-broker", elsewhere.address(), "--json"});
  const auto document = document_of(outcome);
  CHECK(document["exit"]["code"] == 7);
  CHECK(document["error"]["code"] == "host_server_not_trusted");
  CHECK_FALSE(contains(rig.dialogue(), "> AT"));
}

TEST_CASE("an observer that may not read the topic fails the step that it is for") {
  const ScratchFolder folder = require(ScratchFolder::create("acl"));
  write_text(folder.path() / "acl", "user AWS IoT Certificate\ntopic readwrite #\nuser observer\ntopic write #\n");
  const Broker broker(false, {"use_identity_as_username true", "acl_file " + (folder.path() / "acl").string()});
  const Watcher watcher(broker);
  const Rig rig({.broker = &broker});
  const Outcome outcome = rig.provision(watcher.options({"--set", "message_timeout=1", "--json"}));
  const auto document = document_of(outcome);
  CHECK(document["exit"]["code"] == 7);
  CHECK(document["error"]["code"] == "message_not_seen");
  CHECK_FALSE(document.contains("diagnosis"));  // the module did nothing wrong
}

TEST_CASE("a message of the host that the broker drops fails the step in which the module should receive it") {
  const ScratchFolder folder = require(ScratchFolder::create("acl"));
  // mosquitto acknowledges what a client may not publish, and drops it.
  write_text(folder.path() / "acl", "user AWS IoT Certificate\ntopic readwrite #\nuser observer\ntopic read #\n");
  const Broker broker(false, {"use_identity_as_username true", "acl_file " + (folder.path() / "acl").string()});
  const Watcher watcher(broker);
  const Rig rig({.broker = &broker});
  const Outcome outcome = rig.provision(watcher.options({"--set", "message_timeout=1", "--json"}));
  const auto document = document_of(outcome);
  CHECK(document["exit"]["code"] == 7);
  CHECK(document["error"]["code"] == "cloud_message_lost");
}

TEST_CASE("Ctrl-C while the observer waits leaves the module clean") {
  const ScratchFolder folder = require(ScratchFolder::create("acl"));
  write_text(folder.path() / "acl", "user AWS IoT Certificate\ntopic readwrite #\nuser observer\ntopic write #\n");
  const Broker broker(false, {"use_identity_as_username true", "acl_file " + (folder.path() / "acl").string()});
  const Watcher watcher(broker);
  const Rig rig({.broker = &broker});
  Process job(rig.provision_options(watcher.options({"--set", "message_timeout=600", "-v", "--json"})));
  REQUIRE(job.wait_for("send a message round: "));  // the next step waits for ten minutes
  job.signal(SIGINT);
  const Outcome outcome = job.finish();
  CHECK(outcome.exit_code == 130);
  CHECK(document_of(outcome)["error"]["what"].get<std::string>().ends_with("; the module was left clean"));
}

TEST_CASE("a dry run tells what the observer would do, and connects nobody") {
  const Rig rig;
  const Outcome outcome = rig.provision({"--observe", "--observer-broker", "127.0.0.1:1", "--dry-run"});
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.err, "receive a message from the cloud's side: the observer would send to"));
}

}  // namespace atcert::test
