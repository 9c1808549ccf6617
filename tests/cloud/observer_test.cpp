// SPDX-License-Identifier: Apache-2.0
// Against a real broker; the module's part, and AWS's, is played by libmosquitto.
#include "cloud/observer.hpp"

#include <doctest/doctest.h>

#include "base/scratch_folder.hpp"
#include "credentials/load.hpp"
#include "support/broker.hpp"
#include "support/observer.hpp"
#include "support/require.hpp"

namespace atcert::cloud {
namespace {

using namespace std::chrono_literals;
using test::require;

constexpr Milliseconds kLimit = 5s;
constexpr Milliseconds kMoment = 200ms;

credentials::Credentials credentials_of(const test::Pki& pki, const credentials::Throwaway& authority) {
  return require(credentials::load_files({"device.pem", Secret(pki.device.certificate)},
                                         {"key.pem", pki.device.key.clone()}, {"ca.pem", Secret(authority.certificate)},
                                         {}));
}

ObserverOptions options_for(std::uint16_t port) {
  return {.server = {.host = test::kEndpoint, .address = "127.0.0.1", .address_port = port},
          .client_id = "watcher",
          .topic = "line/device-42",
          .module_id = "device-42"};
}

Result<std::unique_ptr<Observer>> connect(const test::Broker& broker, const std::stop_token& stop = {}) {
  static const SystemClock clock;
  return Observer::connect(credentials_of(broker.pki(), broker.pki().authority), options_for(broker.port()), clock,
                           stop);
}

// As the developer guide shows it ("Lifecycle events").
std::string event_text(const std::string& event, const std::string& more) {
  return R"({"clientId": "device-42", "timestamp": 1573002230757, "eventType": ")" + event +
         R"(", "principalIdentifier": "a1b2", "sessionIdentifier": "00", "ipAddress": "192.0.2.0")" + more + "}";
}

}  // namespace

TEST_CASE("an observer sees the module's message, and none of another topic or text") {
  const test::Broker broker;
  test::Observer module(broker);
  const auto observer = require(connect(broker));
  module.publish({"line/device-42", "hello"});
  CHECK(require(observer->saw("line/device-42", "hello", kLimit)));
  CHECK(require(observer->saw("line/device-42", "hello", kLimit)));  // what came stays seen
  CHECK_FALSE(require(observer->saw("line/device-42", "hello!", kMoment)));
  CHECK_FALSE(require(observer->saw("line/device-43", "hello", kMoment)));
}

TEST_CASE("an observer's message goes out, and is acknowledged") {
  const test::Broker broker;
  test::Observer module(broker);
  const auto observer = require(connect(broker));
  CHECK(observer->send("line/device-42", "{\n  \"message\": \"Hello\"\n}", kLimit).ok());
  CHECK(module.saw({"line/device-42", "{\n  \"message\": \"Hello\"\n}"}));
}

TEST_CASE("AWS's events about the module are heard, and nothing that only looks like one") {
  const test::Broker broker;
  test::Observer aws(broker);
  const auto observer = require(connect(broker));
  CHECK(observer->hears_presence());
  aws.publish({"$aws/events/presence/connected/device-42", "no event"}, false);
  aws.publish({"$aws/events/presence/connect_failed/device-42",
               event_text("connect_failed", R"(, "connectFailureReason": "AUTHORIZATION_FAILED")")});
  const auto events = observer->presence("connect_failed", kLimit);
  const PresenceEvent expected{"connect_failed", "device-42", "AUTHORIZATION_FAILED", "a1b2"};
  CHECK(events == std::vector<PresenceEvent>{expected});
}

TEST_CASE("waiting for an event that does not come ends in time, and keeps those that came") {
  const test::Broker broker;
  test::Observer aws(broker);
  const auto observer = require(connect(broker));
  aws.publish({"$aws/events/presence/connected/device-42", event_text("connected", "")});
  CHECK(observer->presence("connect_failed", kMoment).size() == 1);
}

TEST_CASE("an observer that may not subscribe says so") {
  const ScratchFolder folder = require(ScratchFolder::create("access"));
  const test::Broker broker(false, test::no_subscriptions(folder.path()));
  const auto observer = connect(broker);
  REQUIRE_FALSE(observer.ok());
  CHECK(observer.error().code == "observer_not_subscribed");
  CHECK(observer.error().kind == ErrorKind::cloud);
  CHECK(observer.error().remedy.find("topicfilter/line/device-42") != std::string::npos);
}

TEST_CASE("an observer that cannot connect says where it ended") {
  const test::Broker broker;
  const SystemClock clock;
  const test::Pki other = test::Pki::make();
  const auto stranger =
      Observer::connect(credentials_of(broker.pki(), other.authority), options_for(broker.port()), clock, {});
  REQUIRE_FALSE(stranger.ok());
  CHECK(stranger.error().code == "host_server_not_trusted");
  CHECK(stranger.error().what.starts_with("the observer: "));
}

TEST_CASE("an observer that loses its connection says so instead of waiting on") {
  test::Broker broker;
  const auto observer = require(connect(broker));
  broker.stop();
  const auto saw = observer->saw("line/device-42", "hello", std::chrono::minutes(1));
  REQUIRE_FALSE(saw.ok());
  CHECK(saw.error().code == "observer_lost");
}

TEST_CASE("a stop request ends an observer's wait as an interrupt") {
  const test::Broker broker;
  std::stop_source stop;
  const auto observer = require(connect(broker, stop.get_token()));
  stop.request_stop();
  const auto saw = observer->saw("line/device-42", "hello", std::chrono::minutes(1));
  REQUIRE_FALSE(saw.ok());
  CHECK(saw.error().kind == ErrorKind::interrupted);
}

}  // namespace atcert::cloud
