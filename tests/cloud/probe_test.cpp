// SPDX-License-Identifier: Apache-2.0
// Against a real broker, and against openssl's server for what no broker does.
#include "cloud/probe.hpp"

#include <cerrno>
#include <thread>

#include <doctest/doctest.h>

#include "base/descriptor.hpp"
#include "cloud/loopback_broker.hpp"
#include "credentials/load.hpp"
#include "support/broker.hpp"
#include "support/openssl_server.hpp"
#include "support/require.hpp"
#include "support/silent_port.hpp"

namespace atcert::cloud {
namespace {

using credentials::Credentials;
using credentials::Throwaway;
using test::require;
using ClientCertificate = TlsHandshake::ClientCertificate;

const test::Broker& broker() {
  static const test::Broker broker;
  return broker;
}

const test::Pki& pki() {
  return broker().pki();
}

// Of an authority that is not the broker's.
const test::Pki& stranger() {
  static const test::Pki pki = test::Pki::make();
  return pki;
}

Credentials credentials_of(const Throwaway& device, const Throwaway& authority) {
  return require(credentials::load_files({"device.pem", Secret(device.certificate)}, {"key.pem", device.key.clone()},
                                         {"ca.pem", Secret(authority.certificate)}, {}));
}

Credentials good_credentials() {
  return credentials_of(pki().device, pki().authority);
}

Server at(std::uint16_t port) {
  return {.host = test::kEndpoint, .address = "127.0.0.1", .address_port = port};
}

Probe look(const Server& server, const Credentials* credentials, const ProbeOptions& options = {},
           const std::stop_token& stop = {}) {
  static const SystemClock clock;
  return require(probe(server, credentials, options, clock, stop));
}

Probe look(const Server& server, const ProbeOptions& options = {}) {
  const Credentials credentials = good_credentials();
  return look(server, &credentials, options);
}

test::OpensslServer openssl_server(const std::vector<std::string>& options, const Throwaway& certificate) {
  return {{certificate, pki().authority, stranger().server}, options};
}

test::OpensslServer openssl_server(const std::vector<std::string>& options) {
  return openssl_server(options, pki().server);
}

LoopbackBroker strict_broker(std::vector<std::string> settings) {
  return require(LoopbackBroker::start({.client_authority = pki().authority.certificate,
                                        .certificate = pki().server.certificate,
                                        .key = pki().server.key.clone(),
                                        .settings = std::move(settings)}));
}

}  // namespace

TEST_CASE("a broker that takes the credentials is seen as that, stage by stage") {
  const Probe seen = look(at(broker().port()), {.client_id = "probe"});
  CHECK(seen.lookup.stage == Stage::passed);
  CHECK(seen.lookup.addresses == std::vector<std::string>{"127.0.0.1"});
  CHECK(seen.tcp.stage == Stage::passed);
  CHECK(seen.tcp.port == broker().port());
  CHECK(seen.tls.stage == Stage::passed);
  CHECK(seen.tls.version == "TLSv1.3");
  CHECK(seen.tls.cipher == "TLS_AES_256_GCM_SHA384");
  REQUIRE(seen.tls.chain.size() == 2);  // mosquitto sends its CA, too
  CHECK(seen.tls.chain.front().subject.find(test::kEndpoint) != std::string::npos);
  CHECK(seen.tls.trusted == true);
  CHECK(seen.tls.name_matches == true);
  CHECK(seen.tls.client_certificate == ClientCertificate::accepted);
  CHECK_FALSE(seen.tls.alert);
  CHECK(seen.mqtt.stage == Stage::passed);
  CHECK(seen.mqtt.answer == MqttConnect::Answer::accepted);
  CHECK(seen.mqtt.client_id == "probe");
}

TEST_CASE("without a client id there is no CONNECT") {
  const Probe seen = look(at(broker().port()));
  CHECK(seen.tls.stage == Stage::passed);
  CHECK(seen.mqtt.stage == Stage::not_tried);
}

TEST_CASE("without credentials the server is seen, and nothing is said of trust") {
  const Probe seen = look(at(broker().port()), nullptr, {.client_id = "probe"});
  CHECK(seen.tls.chain.size() == 2);
  CHECK_FALSE(seen.tls.trusted.has_value());
  CHECK_FALSE(seen.tls.name_matches.has_value());
  CHECK(seen.tls.client_certificate == ClientCertificate::none);
  CHECK(seen.mqtt.stage == Stage::not_tried);
}

TEST_CASE("a client certificate that the server refuses is told from one that it takes, in both versions of TLS") {
  const Credentials credentials = credentials_of(stranger().device, pki().authority);
  const Probe seen = look(at(broker().port()), &credentials, {.client_id = "probe", .each_version = true});
  REQUIRE(seen.variants.size() == 2);
  for (const TlsHandshake* tls : {&seen.tls, &seen.variants[0], &seen.variants[1]}) {
    CAPTURE(tls->version);
    CHECK(tls->client_certificate == ClientCertificate::refused);
    REQUIRE(tls->alert);
    CHECK(tls->alert->number == 48);  // unknown_ca (RFC 8446 section 6.2)
    CHECK(tls->alert->name == "unknown CA");
    CHECK(tls->trusted == true);
  }
  CHECK(seen.mqtt.stage == Stage::not_tried);
}

TEST_CASE("a server that asks for no client certificate is seen as that") {
  const auto server = openssl_server({});
  CHECK(look(at(server.port())).tls.client_certificate == ClientCertificate::not_asked);
}

TEST_CASE("a server that asks for a client certificate, and takes it, is seen as that in both versions of TLS") {
  const auto server = openssl_server({"-Verify", "1", "-verify_return_error", "-CAfile", "{ca}"});
  const Probe seen = look(at(server.port()), {.each_version = true});
  CHECK(seen.tls.client_certificate == ClientCertificate::accepted);
  CHECK(seen.variants[0].client_certificate == ClientCertificate::accepted);
  CHECK(seen.variants[1].client_certificate == ClientCertificate::accepted);
}

TEST_CASE("a server with TLS 1.2 alone, as modules have it, fails the handshake of 1.3 alone with its alert") {
  const auto server = openssl_server({"-tls1_2"});
  const Probe seen = look(at(server.port()), {.each_version = true});
  CHECK(seen.tls.version == "TLSv1.2");
  REQUIRE(seen.variants.size() == 2);
  CHECK(seen.variants[0].offered == TlsVersions::only_1_2);
  CHECK(seen.variants[0].stage == Stage::passed);
  CHECK(seen.variants[1].offered == TlsVersions::only_1_3);
  CHECK(seen.variants[1].stage == Stage::failed);
  REQUIRE(seen.variants[1].alert);
  CHECK(seen.variants[1].alert->number == 70);  // protocol_version
}

TEST_CASE("a server with TLS 1.3 alone, which no module reaches, fails the handshake of 1.2 alone") {
  const auto server = openssl_server({"-tls1_3"});
  const Probe seen = look(at(server.port()), {.each_version = true});
  CHECK(seen.tls.version == "TLSv1.3");
  CHECK(seen.variants[0].stage == Stage::failed);
  CHECK(seen.variants[0].alert->number == 70);
  CHECK(seen.variants[1].stage == Stage::passed);
}

TEST_CASE("a chain that the CA does not verify is seen whole, with the reason, and gets no CONNECT") {
  const Credentials credentials = credentials_of(pki().device, stranger().authority);
  const Probe seen = look(at(broker().port()), &credentials, {.client_id = "probe"});
  CHECK(seen.tls.stage == Stage::passed);
  CHECK(seen.tls.chain.size() == 2);
  CHECK(seen.tls.trusted == false);
  CHECK(seen.tls.distrust == "self-signed certificate in certificate chain");  // as `openssl s_client` says it
  CHECK(seen.tls.name_matches == true);
  CHECK(seen.mqtt.stage == Stage::not_tried);
}

TEST_CASE("certificates are as in the server's chain, in its order") {
  const auto server = openssl_server({"-cert_chain", "{ca}"});
  const TlsHandshake tls = look(at(server.port())).tls;
  REQUIRE(tls.chain.size() == 2);
  CHECK(tls.chain[0].issuer == tls.chain[1].subject);
  CHECK(tls.chain[1].fingerprint == good_credentials().ca.first().fingerprint);
  CHECK(tls.chain[1].is_ca);
}

TEST_CASE("a server of another name is verified by the CA, and its name does not match") {
  Server server = at(broker().port());
  server.host = "another-ats.iot.eu-central-1.amazonaws.com";
  const Probe seen = look(server, {.client_id = "probe"});
  CHECK(seen.tls.trusted == true);
  CHECK(seen.tls.name_matches == false);
  CHECK(seen.mqtt.stage == Stage::not_tried);
}

TEST_CASE("a server that shows another certificate without SNI is seen to do so") {
  const auto server = openssl_server({"-servername", test::kEndpoint, "-cert2", "{cert2}", "-key2", "{key2}"});
  const Credentials credentials = credentials_of(pki().device, stranger().authority);
  const Probe seen = look(at(server.port()), &credentials, {.without_server_name = true});
  CHECK(seen.tls.server_name);
  CHECK(seen.tls.trusted == true);
  REQUIRE(seen.variants.size() == 1);
  CHECK_FALSE(seen.variants[0].server_name);
  CHECK(seen.variants[0].trusted == false);
}

TEST_CASE("port 443 is asked for MQTT by ALPN, and the server's choice is told") {
  const auto server = openssl_server({"-alpn", "x-amzn-mqtt-ca"});
  Server alpn = at(server.port());
  alpn.port = 443;
  CHECK(look(alpn).tls.protocol == "x-amzn-mqtt-ca");
  CHECK(look(at(server.port())).tls.protocol.empty());
}

TEST_CASE("a server without the protocol that AWS wants on port 443 refuses it with an alert") {
  const auto server = openssl_server({"-alpn", "h2"});
  Server alpn = at(server.port());
  alpn.port = 443;
  const TlsHandshake tls = look(alpn).tls;
  CHECK(tls.stage == Stage::failed);
  REQUIRE(tls.alert);
  CHECK(tls.alert->number == 120);  // no_application_protocol (RFC 7301)
  CHECK(tls.client_certificate == ClientCertificate::unknown);
}

TEST_CASE("a broker that refuses the client id is seen with its CONNACK code") {
  const LoopbackBroker strict = strict_broker({"clientid_prefixes line-"});
  const Probe seen = look(at(strict.port()), {.client_id = "probe"});
  CHECK(seen.mqtt.stage == Stage::failed);
  CHECK(seen.mqtt.answer == MqttConnect::Answer::refused);
  CHECK(seen.mqtt.code == 5);  // not authorized (MQTT 3.1.1 section 3.2.2.3)
}

TEST_CASE("a broker that closes the connection instead of an answer to CONNECT is seen as that") {
  const LoopbackBroker strict = strict_broker({"max_packet_size 20"});
  const Probe seen = look(at(strict.port()), {.client_id = "longer-than-20-bytes-all-in-all"});
  CHECK(seen.mqtt.stage == Stage::failed);
  CHECK(seen.mqtt.answer == MqttConnect::Answer::closed);
}

TEST_CASE("a server that does not speak MQTT is told from one that refuses") {
  const auto server = openssl_server({});
  const Probe seen = look(at(server.port()), {.client_id = "probe", .stage_limit = Milliseconds(1500)});
  CHECK(seen.tls.stage == Stage::passed);
  CHECK(seen.mqtt.answer == MqttConnect::Answer::none);
}

TEST_CASE("a port that refuses connections, one without TLS and one that is silent are told apart") {
  const Probe refused = look(at(test::SilentPort(test::SilentPort::Kind::refuses).port()));
  CHECK(refused.tcp.stage == Stage::failed);
  CHECK(refused.tcp.code == ECONNREFUSED);
  CHECK(refused.tls.stage == Stage::not_tried);

  const test::Broker plain(true);
  const Probe no_tls = look(at(plain.plain_port()));
  CHECK(no_tls.tcp.stage == Stage::passed);
  CHECK(no_tls.tls.stage == Stage::failed);
  CHECK(no_tls.tls.error == "the server closed the connection");

  const test::SilentPort silent(test::SilentPort::Kind::listens);
  const Probe nothing = look(at(silent.port()), {.stage_limit = Milliseconds(200)});
  CHECK(nothing.tcp.stage == Stage::passed);
  CHECK(nothing.tls.stage == Stage::timed_out);
}

TEST_CASE("a name that nobody has fails at once with the resolver's words") {
  Server server = at(1);
  server.address = "nobody.invalid";  // RFC 6761
  const Probe seen = look(server);
  CHECK(seen.lookup.stage == Stage::failed);
  CHECK(seen.lookup.code != 0);
  CHECK_FALSE(seen.lookup.error.empty());
  CHECK(seen.tcp.stage == Stage::not_tried);
}

TEST_CASE("a stop request ends the stage that waits") {
  const test::SilentPort silent(test::SilentPort::Kind::listens);
  std::stop_source stop;
  Descriptor connection;
  std::jthread stopper([&] {
    connection = silent.take();
    stop.request_stop();
  });
  const Credentials credentials = good_credentials();
  const Probe seen = look(at(silent.port()), &credentials, {.stage_limit = std::chrono::minutes(1)}, stop.get_token());
  const bool is_cut_short = seen.tls.stage == Stage::interrupted || seen.tcp.stage == Stage::interrupted;
  CHECK(is_cut_short);
}

TEST_CASE("a server is looked at by the clock that is given") {
  class Later final : public Clock {
   public:
    SteadyTime now() const override { return SystemClock().now(); }
    WallTime wall() const override { return SystemClock().wall() + std::chrono::days(3650); }
  };
  const Later clock;
  const Credentials credentials = good_credentials();
  const Probe seen = require(probe(at(broker().port()), &credentials, {}, clock, {}));
  CHECK(seen.tls.trusted == false);
  CHECK(seen.tls.distrust == "certificate has expired");
}

}  // namespace atcert::cloud
