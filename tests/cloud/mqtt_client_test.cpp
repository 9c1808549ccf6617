// SPDX-License-Identifier: Apache-2.0
// Against a real broker; who talks to the client is libmosquitto.
#include "cloud/mqtt_client.hpp"

#include <doctest/doctest.h>

#include "base/scratch_folder.hpp"
#include "cloud/path.hpp"
#include "credentials/load.hpp"
#include "support/broker.hpp"
#include "support/observer.hpp"
#include "support/require.hpp"

namespace atcert::cloud {
namespace {

using namespace std::chrono_literals;
using test::require;

constexpr Milliseconds kLimit = 5s;

// Everything that a client needs around it.
class Stand {
 public:
  explicit Stand(const test::Broker& broker)
      : credentials_(require(credentials::load_files({"device.pem", Secret(broker.pki().device.certificate)},
                                                     {"key.pem", broker.pki().device.key.clone()},
                                                     {"ca.pem", Secret(broker.pki().authority.certificate)}, {}))),
        identity_(require(TlsIdentity::make(&credentials_))),
        server_{.host = test::kEndpoint, .address = "127.0.0.1", .address_port = broker.port()},
        path_(server_, identity_, clock_, kLimit, token_) {
    REQUIRE(path_.find().stage == Stage::passed);
  }

  std::unique_ptr<MqttClient> client(const std::string& id) {
    auto session = path_.connect(id);
    REQUIRE(session.client);
    return std::move(session.client);
  }

  std::stop_source& stop() { return stop_; }

 private:
  credentials::Credentials credentials_;
  TlsIdentity identity_;
  Server server_;
  SystemClock clock_;
  std::stop_source stop_;
  std::stop_token token_ = stop_.get_token();
  Path path_;
};

// The next message, or none.
std::optional<Message> next(MqttClient& client) {
  std::optional<Message> message;
  CHECK(client.receive(message, kLimit));
  return message;
}

}  // namespace

TEST_CASE("messages come from others and go to others, byte for byte") {
  const test::Broker broker;
  test::Observer other(broker);
  Stand stand(broker);
  const auto client = stand.client("one");
  REQUIRE(client->subscribe("to/client") == MqttClient::Subscribed::yes);
  const std::string payload("{\n  \"message\": \"Hello\"\n}\0\xff", 27);
  other.publish({"to/client", payload});
  const auto message = next(*client);
  REQUIRE(message);
  CHECK(message->topic == "to/client");
  CHECK(message->payload == payload);
  REQUIRE(client->publish("from/client", payload, kLimit));
  CHECK(other.saw({"from/client", payload}));
}

TEST_CASE("a large message goes both ways") {
  const test::Broker broker;
  test::Observer other(broker);
  Stand stand(broker);
  const auto client = stand.client("one");
  REQUIRE(client->subscribe("to/client") == MqttClient::Subscribed::yes);
  const std::string payload(100'000, 'x');  // more than a record of TLS, and than the relay carries at once
  other.publish({"to/client", payload});
  const auto message = next(*client);
  REQUIRE(message);
  CHECK(message->payload == payload);
  REQUIRE(client->publish("from/client", payload, kLimit));
  CHECK(other.saw({"from/client", payload}));
}

TEST_CASE("a client that is thrown out by another of its id knows it, and one that only looks throws nobody out") {
  const test::Broker broker;
  Stand stand(broker);
  const auto client = stand.client("device-42");
  REQUIRE(client->subscribe("to/client") == MqttClient::Subscribed::yes);
  REQUIRE(stand.client("another")->publish("to/client", "still here", kLimit));
  CHECK(next(*client).has_value());
  const auto usurper = stand.client("device-42");
  std::optional<Message> message;
  CHECK_FALSE(client->receive(message, kLimit));
  CHECK_FALSE(client->publish("from/client", "gone", kLimit));
  CHECK(client->subscribe("more") == MqttClient::Subscribed::connection_lost);
}

TEST_CASE("a broker that goes is noticed while a message is waited for") {
  test::Broker broker;
  Stand stand(broker);
  const auto client = stand.client("one");
  REQUIRE(client->subscribe("to/client") == MqttClient::Subscribed::yes);
  broker.stop();
  std::optional<Message> message;
  CHECK_FALSE(client->receive(message, kLimit));
}

TEST_CASE("a stop request ends the wait for a message") {
  const test::Broker broker;
  Stand stand(broker);
  const auto client = stand.client("one");
  stand.stop().request_stop();
  std::optional<Message> message;
  const SteadyTime begun = SystemClock().now();
  CHECK_FALSE(client->receive(message, std::chrono::minutes(1)));
  CHECK(SystemClock().now() - begun < 10s);
}

TEST_CASE("a subscription that the broker refuses is told from a lost connection") {
  const ScratchFolder folder = require(ScratchFolder::create("access"));
  const test::Broker broker(false, test::no_subscriptions(folder.path()));
  Stand stand(broker);
  const auto client = stand.client("one");
  CHECK(client->subscribe("to/client") == MqttClient::Subscribed::refused);
  CHECK(client->publish("from/client", "goes on", kLimit));
}

}  // namespace atcert::cloud
