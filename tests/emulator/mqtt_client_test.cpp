// SPDX-License-Identifier: Apache-2.0
// The module's MQTT client against a real broker, with credentials good and bad.
#include "emulator/mqtt_client.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>

#include <doctest/doctest.h>

#include "support/broker.hpp"
#include "support/observer.hpp"
#include "support/require.hpp"

namespace atcert::emulator {
namespace {

using namespace std::chrono_literals;
using test::require;

test::Broker& broker() {
  static test::Broker shared(true);
  return shared;
}

MqttConnectRequest request_for(int scheme, const test::Pki& pki = broker().pki()) {
  MqttConnectRequest request;
  request.scheme = scheme;
  request.host = test::kEndpoint;
  request.port = 8883;
  request.client_id = "module";
  request.ca = Secret(pki.authority.certificate);
  request.certificate = Secret(pki.device.certificate);
  request.key = pki.device.key.clone();
  request.module_time = SystemClock().wall();
  request.timeout = 5s;
  return request;
}

// The loop that the module has around its connection.
class Driver {
 public:
  explicit Driver(MqttConnectRequest request, std::uint16_t port = broker().port())
      : client_(std::move(request), BrokerAddress{"127.0.0.1", port}, SystemClock().now()) {}

  MqttClient& client() { return client_; }
  const std::vector<MqttEvent>& events() const { return events_; }

  bool run_until(const std::function<bool()>& done) {
    const SteadyTime end = SystemClock().now() + 10s;
    while (!done()) {
      const SteadyTime now = SystemClock().now();
      if (now > end) return false;
      const SteadyTime next = std::min(client_.deadline().value_or(end), end);
      pollfd ready{client_.descriptor(), client_.poll_events(), 0};
      poll(&ready, 1, static_cast<int>(std::max(0ms, std::chrono::ceil<Milliseconds>(next - now)).count()));
      client_.on_ready(SystemClock().now());
      for (auto& event : client_.take_events()) events_.push_back(std::move(event));
    }
    return true;
  }

  template <typename Event>
  const Event* find() const {
    for (const auto& event : events_) {
      if (const auto* found = std::get_if<Event>(&event)) return found;
    }
    return nullptr;
  }

  template <typename Event>
  int count() const {
    const auto is_one = [](const MqttEvent& event) { return std::holds_alternative<Event>(event); };
    return static_cast<int>(std::count_if(events_.begin(), events_.end(), is_one));
  }

  template <typename Event>
  const Event& wait_for() {
    REQUIRE(run_until([this] { return find<Event>() != nullptr || find<MqttClosed>() != nullptr; }));
    const std::string closed = find<MqttClosed>() != nullptr ? find<MqttClosed>()->reason : "";
    INFO(closed);
    REQUIRE(find<Event>() != nullptr);
    return *find<Event>();
  }

 private:
  MqttClient client_;
  std::vector<MqttEvent> events_;
};

// Why the connection with `request` was not made.
std::string failure(MqttConnectRequest request, std::uint16_t port = broker().port()) {
  Driver driver(std::move(request), port);
  const std::string reason = driver.wait_for<MqttClosed>().reason;
  CHECK(driver.find<MqttConnected>() == nullptr);
  CHECK(driver.client().descriptor() == -1);
  return reason;
}

bool connects(MqttConnectRequest request, std::uint16_t port = broker().port()) {
  Driver driver(std::move(request), port);
  driver.run_until([&] { return driver.find<MqttConnected>() != nullptr || driver.find<MqttClosed>() != nullptr; });
  return driver.find<MqttConnected>() != nullptr;
}

MqttConnectRequest with_time(MqttConnectRequest request, WallTime time) {
  request.module_time = time;
  return request;
}

}  // namespace

TEST_CASE("a message goes through the broker and comes round with its bytes, and a second client sees it") {
  test::Observer observer(broker());
  Driver driver(request_for(5));
  driver.wait_for<MqttConnected>();
  const std::uint16_t id = driver.client().subscribe("test/round", 1);
  CHECK(driver.wait_for<MqttSubscribed>().id == id);
  CHECK(driver.find<MqttSubscribed>()->code == 1);
  const std::string payload = "{\r\n \"nonce\": \"4711\"\r\n}";
  const std::uint16_t published = driver.client().publish("test/round", as_bytes(payload), 1, false);
  const MqttReceived received = driver.wait_for<MqttReceived>();
  CHECK(received.topic == "test/round");
  CHECK(as_text(received.payload) == payload);
  CHECK(driver.wait_for<MqttPublished>().id == published);
  CHECK(observer.saw({"test/round", payload}));
}

TEST_CASE("a message from the cloud reaches the module, a retained one also when it subscribes later") {
  test::Observer observer(broker());
  observer.publish({"test/retained", "kept"}, true);
  Driver driver(request_for(5));
  driver.wait_for<MqttConnected>();
  driver.client().subscribe("test/retained", 0);
  const MqttReceived received = driver.wait_for<MqttReceived>();
  CHECK(as_text(received.payload) == "kept");
  CHECK(received.retained);
  observer.publish({"test/retained", ""}, true);
}

TEST_CASE("QoS 2 is carried through its four packets, both ways") {
  Driver driver(request_for(5));
  driver.wait_for<MqttConnected>();
  driver.client().subscribe("test/two", 2);
  driver.wait_for<MqttSubscribed>();
  const std::uint16_t id = driver.client().publish("test/two", as_bytes("x"), 2, false);
  CHECK(driver.wait_for<MqttPublished>().id == id);
  CHECK(driver.wait_for<MqttReceived>().qos == 2);
}

// mosquitto.conf(5): max_inflight_messages is 20. What is not completed stays in flight.
TEST_CASE("more messages of QoS 2 arrive than a broker leaves incomplete") {
  constexpr int kMessages = 45;
  Driver driver(request_for(1), broker().plain_port());
  driver.wait_for<MqttConnected>();
  driver.client().subscribe("test/many", 2);
  driver.wait_for<MqttSubscribed>();
  for (int i = 0; i < kMessages; ++i) {
    driver.client().publish("test/many", as_bytes(std::to_string(i)), 2, false);
    CHECK(driver.run_until([&] { return driver.count<MqttReceived>() == i + 1; }));
  }
}

TEST_CASE("after unsubscribing nothing arrives") {
  Driver driver(request_for(5));
  driver.wait_for<MqttConnected>();
  driver.client().subscribe("test/off", 1);
  driver.wait_for<MqttSubscribed>();
  const std::uint16_t id = driver.client().unsubscribe("test/off");
  CHECK(driver.wait_for<MqttUnsubscribed>().id == id);
  driver.client().publish("test/off", as_bytes("x"), 1, false);
  driver.wait_for<MqttPublished>();
  CHECK(driver.find<MqttReceived>() == nullptr);
}

TEST_CASE("disconnecting closes with the last event") {
  Driver driver(request_for(5));
  driver.wait_for<MqttConnected>();
  driver.client().disconnect();
  driver.wait_for<MqttClosed>();
  CHECK(std::holds_alternative<MqttClosed>(driver.events().back()));
  CHECK(driver.client().descriptor() == -1);
}

TEST_CASE("pings keep a quiet connection alive") {
  MqttConnectRequest request = request_for(5);
  request.keepalive = 1;
  Driver driver(std::move(request));
  driver.wait_for<MqttConnected>();
  // The broker cuts at 1.5 s.
  const SteadyTime later = SystemClock().now() + 2500ms;
  REQUIRE(driver.run_until([&] { return SystemClock().now() > later; }));
  CHECK(driver.find<MqttClosed>() == nullptr);
  driver.client().publish("test/ping", as_bytes("x"), 1, false);
  driver.wait_for<MqttPublished>();
}

TEST_CASE("the last will is published when the module is gone without a word") {
  test::Observer observer(broker());
  MqttConnectRequest request = request_for(1);
  request.last_will = {.topic = "test/will", .message = "gone", .qos = 1, .retain = false};
  request.keepalive = 1;
  Driver driver(std::move(request), broker().plain_port());
  driver.wait_for<MqttConnected>();
  // Not driven any more, it misses its ping.
  CHECK(observer.saw({"test/will", "gone"}));
}

TEST_CASE("scheme 1 talks to a plain port, and a TLS port closes on it") {
  CHECK(connects(request_for(1), broker().plain_port()));
  CHECK(failure(request_for(1)).find("transport_read()") != std::string::npos);
}

TEST_CASE("a plain port does not answer a TLS handshake") {
  const std::string reason = failure(request_for(5), broker().plain_port());
  CHECK((reason.find("-0x7280") != std::string::npos || reason.find("-0x0050") != std::string::npos));
}

TEST_CASE("schemes without a client certificate are refused with an alert, those with one are taken") {
  CHECK(failure(request_for(2)).find("mbedtls_ssl_handshake returned -0x7780") == 0);
  CHECK(failure(request_for(3)).find("mbedtls_ssl_handshake returned -0x7780") == 0);
  CHECK(connects(request_for(4)));
  CHECK(connects(request_for(5)));
}

TEST_CASE("a broker of another authority is refused by schemes 3 and 5 alone") {
  const test::Pki other = test::Pki::make();
  const auto foreign_ca = [&](int scheme) {
    MqttConnectRequest request = request_for(scheme);
    request.ca = Secret(other.authority.certificate);
    return request;
  };
  CHECK(failure(foreign_ca(5)) ==
        "mbedtls_ssl_handshake returned -0x2700: The certificate is not correctly signed by the trusted CA");
  CHECK(failure(foreign_ca(3)).find("-0x2700") != std::string::npos);
  CHECK(connects(foreign_ca(4)));
}

// mbedTLS trusts what is stored, self-signed or not: x509_crt.c, x509_crt_find_parent looks among the trusted first.
TEST_CASE("an issuing CA that is stored without its root is enough") {
  const auto root = require(credentials::make_authority(test::throwaway_options("Another Root CA")));
  MqttConnectRequest request = request_for(5);
  request.ca = Secret(test::issued_by(root, broker().pki().authority));
  CHECK(connects(std::move(request)));
  request = request_for(5);
  request.ca = Secret(root.certificate);
  CHECK(failure(std::move(request)).find("-0x2700") != std::string::npos);
}

TEST_CASE("one of several stored CAs is enough") {
  MqttConnectRequest request = request_for(5);
  request.ca = Secret(test::Pki::make().authority.certificate + broker().pki().authority.certificate);
  CHECK(connects(std::move(request)));
}

TEST_CASE("a clock at 1970 fails the broker's certificate, unless the build checks no dates") {
  CHECK(failure(with_time(request_for(5), WallTime{})) ==
        "mbedtls_ssl_handshake returned -0x2700: The certificate validity starts in the future");
  CHECK(failure(with_time(request_for(5), SystemClock().wall() + std::chrono::days(30))).find("has expired") !=
        std::string::npos);
  CHECK(connects(with_time(request_for(4), WallTime{})));
  MqttConnectRequest without_dates = with_time(request_for(5), WallTime{});
  without_dates.check_dates = false;
  CHECK(connects(std::move(without_dates)));
}

TEST_CASE("without AT+MQTTSNI no name is checked; with it that name is") {
  MqttConnectRequest request = request_for(5);
  request.host = "somewhere.else.example";
  CHECK(connects(std::move(request)));
  request = request_for(5);
  request.sni = test::kEndpoint;
  CHECK(connects(std::move(request)));
  request = request_for(5);
  request.sni = "wrong.example";
  CHECK(failure(std::move(request)).find("Common Name (CN) does not match") != std::string::npos);
}

// Decrypt error for a wrong signature, illegal parameter for one of another kind (RFC 5246, 7.2.2).
TEST_CASE("a key of another certificate, of the same kind or not, is refused by the broker, not by the module") {
  const std::vector<std::pair<credentials::ThrowawayKey, std::string>> alerts{
      {credentials::ThrowawayKey::p256, "alert 51"}, {credentials::ThrowawayKey::rsa_2048, "alert 47"}};
  for (const auto& [kind, alert] : alerts) {
    auto options = test::throwaway_options("other");
    options.key = kind;
    MqttConnectRequest request = request_for(5);
    request.key = require(credentials::make_device(broker().pki().authority, options)).key.clone();
    CHECK(failure(std::move(request)) == "mbedtls_ssl_handshake returned -0x7780: " + alert + " from the broker");
  }
}

TEST_CASE("an RSA certificate works, and fails with the key of another") {
  auto options = test::throwaway_options("rsa");
  options.key = credentials::ThrowawayKey::rsa_2048;
  const auto device = require(credentials::make_device(broker().pki().authority, options));
  MqttConnectRequest request = request_for(5);
  request.certificate = Secret(device.certificate);
  CHECK(failure(std::move(request)) == "mbedtls_ssl_handshake returned -0x7780: alert 47 from the broker");
  request = request_for(5);
  request.certificate = Secret(device.certificate);
  request.key = device.key.clone();
  CHECK(connects(std::move(request)));
}

TEST_CASE("a certificate of another authority is refused by the broker") {
  const test::Pki other = test::Pki::make();
  MqttConnectRequest request = request_for(5);
  request.certificate = Secret(other.device.certificate);
  request.key = other.device.key.clone();
  CHECK(failure(std::move(request)).find("mbedtls_ssl_handshake returned -0x7780") == 0);
}

TEST_CASE("credentials that do not parse fail after TCP with the number of mbedTLS") {
  MqttConnectRequest request = request_for(5);
  request.certificate = request.key.clone();
  CHECK(failure(std::move(request)) == "mbedtls_x509_crt_parse of public cert returned -0x2180");
  request = request_for(5);
  request.key = Secret();
  CHECK(failure(std::move(request)) == "mbedtls_pk_parse_keyfile returned -0x3D00");
  request = request_for(5);
  request.ca = Secret(std::string_view("nonsense"));
  CHECK(failure(std::move(request)) == "mbedtls_x509_crt_parse of CA cert returned -0x2180");
}

TEST_CASE("nobody at the port is a refused connection, a name is unknown to the emulated network") {
  test::Broker gone;
  gone.stop();
  CHECK(failure(request_for(5), gone.port()) == "esp-tls: delayed connect error: Connection refused (0x8004)");
  MqttClient client(request_for(5), std::nullopt, SystemClock().now());
  const auto events = client.take_events();
  REQUIRE(events.size() == 1);
  CHECK(std::get<MqttClosed>(events[0]).reason.find("couldn't get hostname for :test-ats.iot.") != std::string::npos);
}

TEST_CASE("a broker that goes away closes the connection") {
  test::Broker own;
  Driver driver(request_for(5, own.pki()), own.port());
  driver.wait_for<MqttConnected>();
  own.stop();
  CHECK(driver.wait_for<MqttClosed>().reason.find("transport_read()") != std::string::npos);
}

TEST_CASE("a host that never answers is given up at the deadline") {
  // A listener whose backlog nobody accepts: TCP stands, the handshake gets no answer.
  const Descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(listen(listener.get(), 1) == 0);
  REQUIRE(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  MqttConnectRequest request = request_for(5);
  request.timeout = 200ms;
  CHECK(failure(std::move(request), ntohs(address.sin_port)) == "no CONNACK in time");
}

}  // namespace atcert::emulator
