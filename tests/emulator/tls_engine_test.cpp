// SPDX-License-Identifier: Apache-2.0
// What the module's TLS client says to a server: names, protocols, versions. The server is OpenSSL's, in memory.
#include "emulator/tls_engine.hpp"

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/clock.hpp"
#include "emulator/mqtt_tls.hpp"
#include "support/broker.hpp"
#include "support/odd_items.hpp"
#include "support/require.hpp"

namespace atcert::emulator {
namespace {

const test::Pki& pki() {
  static const test::Pki shared = test::Pki::make();
  return shared;
}

MqttConnectRequest request_for(int scheme, const image::Release& release = {{4, 1, 1, 0}}) {
  MqttConnectRequest request;
  request.release = release;
  request.scheme = scheme;
  request.host = test::kEndpoint;
  request.ca = Secret(pki().authority.certificate);
  request.certificate = Secret(pki().device.certificate);
  request.key = pki().device.key.clone();
  request.module_time = SystemClock().wall();
  return request;
}

test::Identity of(const credentials::Throwaway& made) {
  return {made.certificate, std::string(made.key.reveal_text())};
}

Result<TlsEngine> engine_for(const MqttConnectRequest& request) {
  return TlsEngine::create(tls_settings(request));
}

void use(SSL_CTX* context, const test::Identity& server) {
  BIO* certificate_text = BIO_new_mem_buf(server.certificate.data(), static_cast<int>(server.certificate.size()));
  X509* certificate = PEM_read_bio_X509(certificate_text, nullptr, nullptr, nullptr);
  BIO* key_text = BIO_new_mem_buf(server.key.data(), static_cast<int>(server.key.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(key_text, nullptr, nullptr, nullptr);
  REQUIRE(SSL_CTX_use_certificate(context, certificate) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(context, key) == 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
  BIO_free(certificate_text);
  BIO_free(key_text);
}

class Server {
 public:
  explicit Server(int lowest_version = TLS1_2_VERSION, int highest_version = 0,
                  const test::Identity& identity = of(pki().server))
      : context_(SSL_CTX_new(TLS_server_method())), ssl_(nullptr) {
    SSL_CTX_set_security_level(context_, 0);  // what the module takes is the question
    use(context_, identity);
    SSL_CTX_set_min_proto_version(context_, lowest_version);
    SSL_CTX_set_max_proto_version(context_, highest_version);
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
    return take_output();
  }

  // The text and the end of the connection in one.
  Bytes last_words(std::string_view text) {
    REQUIRE(SSL_write(ssl_, text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size()));
    SSL_shutdown(ssl_);
    return take_output();
  }

  void ask_for_no_certificate() { SSL_set_verify(ssl_, SSL_VERIFY_NONE, nullptr); }

  std::string server_name() const {
    const char* name = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? "" : name;
  }
  const std::string& offered_protocols() const { return offered_protocols_; }
  std::string version() const { return SSL_get_version(ssl_); }
  bool got_certificate() const { return SSL_get0_peer_certificate(ssl_) != nullptr; }

 private:
  Bytes take_output() {
    Bytes output(BIO_ctrl_pending(SSL_get_wbio(ssl_)));
    if (!output.empty()) BIO_read(SSL_get_wbio(ssl_), output.data(), static_cast<int>(output.size()));
    return output;
  }

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
Result<bool> shake_hands(TlsEngine& engine, Server& server) {
  for (int round = 0; round < 10; ++round) {
    ATCERT_TRY(const bool, done, engine.handshake());
    if (done) return true;
    engine.feed(server.answer(engine.take_output()));
  }
  return false;
}

Result<bool> shake_hands(const MqttConnectRequest& request, Server& server) {
  ATCERT_TRY(TlsEngine, engine, engine_for(request));
  return shake_hands(engine, server);
}

}  // namespace

TEST_CASE("what comes with the end of a connection is read first, and then the end") {
  Server server(TLS1_2_VERSION, TLS1_2_VERSION);
  TlsEngine engine = test::require(engine_for(request_for(5)));
  REQUIRE(test::require(shake_hands(engine, server)));
  engine.feed(server.answer(engine.take_output()));
  engine.feed(server.last_words("last words"));
  CHECK(as_text(test::require(engine.read())) == "last words");
  for (int times = 0; times < 2; ++times) {
    const auto end = engine.read();
    REQUIRE(!end.ok());
    CHECK(end.error().what.find("0x7880") != std::string::npos);  // mbedtls/ssl.h: PEER_CLOSE_NOTIFY
  }
}

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

// MBEDTLS_SSL_PROTO_TLS1 and TLS1_1 are on in ESP-IDF 4 and gone in Mbed TLS 3. MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION
TEST_CASE("a server of TLS 1.1 is taken by releases with Mbed TLS 2") {
  Server old(TLS1_1_VERSION, TLS1_1_VERSION);
  CHECK(test::require(shake_hands(request_for(4, {{2, 4, 0, 0}}), old)));
  CHECK(old.version() == "TLSv1.1");
  Server same(TLS1_1_VERSION, TLS1_1_VERSION);
  const auto refused = shake_hands(request_for(4, {{3, 1, 0, 0}}), same);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().what == "mbedtls_ssl_handshake returned -0x6E80");
}

// mbedtls_x509_crt_profile_default lost secp256k1 in 3.0.
TEST_CASE("a server with a key on a weak curve is taken by releases with Mbed TLS 2") {
  const auto weak = test::self_signed("secp256k1");
  for (const auto& [release, taken] : std::vector<std::pair<image::Release, bool>>{{{{2, 4, 0, 0}}, true},  //
                                                                                   {{{3, 1, 0, 0}}, false}}) {
    MqttConnectRequest request = request_for(3, release);
    request.ca = Secret(weak.certificate);
    Server server(TLS1_2_VERSION, 0, weak);
    CHECK(shake_hands(request, server).ok() == taken);
  }
}

TEST_CASE("a chain that does not fit the output buffer ends the handshake, with the number of the release") {
  for (const auto& [release, number] :
       std::vector<std::pair<image::Release, std::string>>{{{{2, 4, 0, 0}}, "7580"}, {{{4, 1, 0, 0}}, "6A00"}}) {
    MqttConnectRequest request = request_for(5, release);
    std::string chain;
    for (int i = 0; i < 12; ++i) chain += pki().device.certificate;
    request.certificate = Secret(chain);
    Server server;
    const auto refused = shake_hands(request, server);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().what == "mbedtls_ssl_handshake returned -0x" + number);
    // A server that asks for no certificate gets none.
    Server incurious;
    incurious.ask_for_no_certificate();
    CHECK(test::require(shake_hands(request, incurious)));
  }
}

TEST_CASE("a chain in the wrong order is sent as it is stored, and one certificate of it is the device's") {
  MqttConnectRequest request = request_for(5);
  request.certificate = Secret(pki().authority.certificate + pki().device.certificate);
  Server server;
  const auto refused = shake_hands(request, server);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().what == "mbedtls_ssl_handshake returned -0x7780: alert 51 from the broker");
}

TEST_CASE("a key with attributes in its PKCS#8 is refused before the handshake, from 3.3 on") {
  MqttConnectRequest request = request_for(5, {{3, 2, 0, 0}});
  request.key = Secret(test::pkcs8_with_attributes("P-256"));
  CHECK(engine_for(request).ok());
  request.release = {{3, 3, 0, 0}};
  const auto refused = engine_for(request);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().what == "mbedtls_pk_parse_keyfile returned -0x3D66");
}

// x509_crt_check_san_ip() is there from 3.5 on; AT+MQTTSNI only in releases that have it.
TEST_CASE("a server name that is an address is looked for among the addresses of the certificate") {
  const auto made = test::require(
      credentials::make_server(pki().authority, test::throwaway_options("addresses"), {"127.0.0.1", "::1"}));
  const auto identity = of(made);
  for (const std::string name : {"127.0.0.1", "::1"}) {
    MqttConnectRequest request = request_for(3);
    request.sni = name;
    Server server(TLS1_2_VERSION, 0, identity);
    CHECK(test::require(shake_hands(request, server)));
    request.release = {{3, 2, 0, 0}};
    Server same(TLS1_2_VERSION, 0, identity);
    CHECK_FALSE(shake_hands(request, same).ok());
  }
  MqttConnectRequest request = request_for(3);
  request.sni = "127.0.0.2";
  Server server(TLS1_2_VERSION, 0, identity);
  const auto refused = shake_hands(request, server);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().what ==
        "mbedtls_ssl_handshake returned -0x2700: The certificate Common Name (CN) does not match with the expected CN");
}

TEST_CASE("what is no TLS is an invalid record") {
  auto engine = test::require(engine_for(request_for(5)));
  CHECK(test::require(engine.handshake()) == false);
  engine.feed(as_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const auto refused = engine.handshake();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().what == "mbedtls_ssl_handshake returned -0x7200");
}

}  // namespace atcert::emulator
