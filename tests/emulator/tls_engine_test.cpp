// SPDX-License-Identifier: Apache-2.0
// What the module's TLS client says to a server: names, protocols, versions. The server is OpenSSL's, in memory.
#include "emulator/tls_engine.hpp"

#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "emulator/tls_credentials.hpp"
#include "support/broker.hpp"
#include "support/require.hpp"

namespace atcert::emulator {
namespace {

const test::Pki& pki() {
  static const test::Pki shared = test::Pki::make();
  return shared;
}

MqttConnectRequest request_for(int scheme) {
  MqttConnectRequest request;
  request.scheme = scheme;
  request.host = test::kEndpoint;
  request.ca = Secret(pki().authority.certificate);
  request.certificate = Secret(pki().device.certificate);
  request.key = pki().device.key.clone();
  request.module_time = SystemClock().wall();
  return request;
}

class Server {
 public:
  explicit Server(int lowest_version = TLS1_2_VERSION) : context_(SSL_CTX_new(TLS_server_method())), ssl_(nullptr) {
    const auto certificate = test::require(parse_certificates(Secret(pki().server.certificate), "parsing"));
    const auto key = test::require(parse_key(pki().server.key));
    REQUIRE(SSL_CTX_use_certificate(context_, certificate[0].get()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(context_, key.get()) == 1);
    SSL_CTX_set_min_proto_version(context_, lowest_version);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    SSL_CTX_set_alpn_select_cb(context_, keep_alpn, this);
    ssl_ = SSL_new(context_);
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_);
  }
  ~Server() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  Bytes answer(ByteView bytes) {
    BIO_write(SSL_get_rbio(ssl_), bytes.data(), static_cast<int>(bytes.size()));
    SSL_do_handshake(ssl_);
    Bytes output(BIO_ctrl_pending(SSL_get_wbio(ssl_)));
    if (!output.empty()) BIO_read(SSL_get_wbio(ssl_), output.data(), static_cast<int>(output.size()));
    return output;
  }

  std::string server_name() const {
    const char* name = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? "" : name;
  }
  const std::string& offered_protocols() const { return offered_protocols_; }
  std::string version() const { return SSL_get_version(ssl_); }
  bool got_certificate() const { return SSL_get0_peer_certificate(ssl_) != nullptr; }

 private:
  static int keep_alpn(SSL*, const unsigned char**, unsigned char*, const unsigned char* offered, unsigned size,
                       void* self) {
    static_cast<Server*>(self)->offered_protocols_.assign(reinterpret_cast<const char*>(offered), size);
    return SSL_TLSEXT_ERR_NOACK;
  }

  SSL_CTX* context_;
  SSL* ssl_;
  std::string offered_protocols_;
};

// Whether the handshake came to its end; the engine's error otherwise.
Result<bool> shake_hands(const MqttConnectRequest& request, Server& server) {
  ATCERT_TRY(TlsEngine, engine, TlsEngine::create(request));
  for (int round = 0; round < 10; ++round) {
    ATCERT_TRY(const bool, done, engine.handshake());
    if (done) return true;
    engine.feed(server.answer(engine.take_output()));
  }
  return false;
}

}  // namespace

TEST_CASE("schemes 2 and 4 send the host as server name") {
  for (const int scheme : {2, 4}) {
    Server server;
    CHECK(test::require(shake_hands(request_for(scheme), server)));
    CHECK(server.server_name() == test::kEndpoint);
    CHECK(server.got_certificate() == (scheme == 4));
  }
}

TEST_CASE("schemes 3 and 5 send no server name unless AT+MQTTSNI gave one") {
  for (const int scheme : {3, 5}) {
    Server silent;
    CHECK(test::require(shake_hands(request_for(scheme), silent)));
    CHECK(silent.server_name().empty());
    CHECK(silent.got_certificate() == (scheme == 5));
    MqttConnectRequest named = request_for(scheme);
    named.host = "127.0.0.1";
    named.sni = test::kEndpoint;
    Server server;
    CHECK(test::require(shake_hands(named, server)));
    CHECK(server.server_name() == test::kEndpoint);
  }
}

TEST_CASE("ALPN names are offered in their order") {
  MqttConnectRequest request = request_for(5);
  request.alpn = {"x-amzn-mqtt-ca", "mqtt"};
  Server server;
  CHECK(test::require(shake_hands(request, server)));
  CHECK(server.offered_protocols() == "\x0Ex-amzn-mqtt-ca\x04mqtt");
}

TEST_CASE("TLS 1.2 is spoken, and a server that demands 1.3 ends with an alert") {
  Server server;
  CHECK(test::require(shake_hands(request_for(5), server)));
  CHECK(server.version() == "TLSv1.2");
  Server newer(TLS1_3_VERSION);
  const auto refused = shake_hands(request_for(5), newer);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().what == "mbedtls_ssl_handshake returned -0x7780: alert 70 from the broker");
}

TEST_CASE("what is no TLS is an invalid record") {
  auto engine = test::require(TlsEngine::create(request_for(5)));
  CHECK(test::require(engine.handshake()) == false);
  engine.feed(as_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const auto refused = engine.handshake();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().what == "mbedtls_ssl_handshake returned -0x7200");
}

}  // namespace atcert::emulator
