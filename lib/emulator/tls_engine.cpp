// SPDX-License-Identifier: Apache-2.0
#include "emulator/tls_engine.hpp"

#include <mbedtls/ssl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "emulator/tls_error.hpp"
#include "emulator/tls_policy.hpp"
#include "emulator/tls_verify.hpp"
#include "firmware_tls/parse.hpp"

namespace atcert::emulator {
namespace {

constexpr std::string_view kHandshake = "mbedtls_ssl_handshake";
constexpr std::size_t kAlertDescription = 1;  // in the two bytes of an alert (RFC 5246, 7.2)

using Config = firmware_tls::Owned<mbedtls_ssl_config, mbedtls_ssl_config_init, mbedtls_ssl_config_free>;
using Context = firmware_tls::Owned<mbedtls_ssl_context, mbedtls_ssl_init, mbedtls_ssl_free>;

Error failed(std::string_view call, int result) {
  return mbedtls_error(call, static_cast<unsigned>(-result));
}

// A line for each flag ("The certificate has expired\n"); the first one is what esp-tls shows first.
std::string verification_info(std::uint32_t flags) {
  std::array<char, 1024> lines{};
  mbedtls_x509_crt_verify_info(lines.data(), lines.size(), "", flags);
  const std::string_view all = lines.data();
  return std::string(all.substr(0, all.find('\n')));
}

}  // namespace

// What the library points to while a connection lives; it does not move.
struct TlsEngine::Session {
  explicit Session(const TlsSettings& settings)
      : library(firmware_tls::library_of(settings.release)),
        policy(library),
        verifier{library, settings.server_name, settings.check_name, settings.module_time, settings.check_dates},
        alpn(settings.alpn) {}

  static int send(void* self, const unsigned char* bytes, std::size_t size) {
    Bytes& output = static_cast<Session*>(self)->output;
    output.insert(output.end(), bytes, bytes + size);
    return static_cast<int>(size);
  }
  static int receive(void* self, unsigned char* bytes, std::size_t size) {
    Bytes& input = static_cast<Session*>(self)->input;
    if (input.empty()) return MBEDTLS_ERR_SSL_WANT_READ;
    const std::size_t count = std::min(size, input.size());
    std::memcpy(bytes, input.data(), count);
    input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(count));
    return static_cast<int>(count);
  }

  Result<void> trust(const TlsSettings& settings) {
    const int result = firmware_tls::parse_chain(settings.ca, library, ca);
    if (result < 0) return failed("mbedtls_x509_crt_parse of CA cert", result);
    mbedtls_ssl_conf_authmode(config.get(), MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(config.get(), ca.get(), nullptr);
    mbedtls_ssl_conf_verify(config.get(), &TlsVerifier::look_again, &verifier);
    return {};
  }

  // The firmware does not ask whether they belong together: it signs, and the broker refuses the signature.
  Result<void> identify(const TlsSettings& settings) {
    int result = firmware_tls::parse_chain(settings.certificate, library, certificate);
    if (result < 0) return failed("mbedtls_x509_crt_parse of public cert", result);
    result = firmware_tls::parse_private_key(*settings.key, library, key);
    if (result < 0) return failed("mbedtls_pk_parse_keyfile", result);
    result = mbedtls_ssl_conf_own_cert(config.get(), certificate.get(), key.get());
    if (result < 0) return failed("mbedtls_ssl_conf_own_cert", result);
    sends_certificate = true;
    return {};
  }

  Result<void> offer_protocols() {
    if (alpn.empty()) return {};
    for (const std::string& name : alpn) alpn_names.push_back(name.c_str());
    alpn_names.push_back(nullptr);
    const int result = mbedtls_ssl_conf_alpn_protocols(config.get(), alpn_names.data());
    if (result != 0) return failed("mbedtls_ssl_conf_alpn_protocols", result);
    return {};
  }

  Result<void> set_up(const TlsSettings& settings) {
    int result = mbedtls_ssl_config_defaults(config.get(), MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                             MBEDTLS_SSL_PRESET_DEFAULT);
    if (result != 0) return failed("mbedtls_ssl_config_defaults", result);
    mbedtls_ssl_conf_rng(config.get(), firmware_tls::random_bytes, nullptr);
    mbedtls_ssl_conf_authmode(config.get(), MBEDTLS_SSL_VERIFY_NONE);
    policy.apply(*config.get());
    ATCERT_CHECK(offer_protocols());
    if (settings.verify_server) ATCERT_CHECK(trust(settings));
    if (settings.send_certificate) ATCERT_CHECK(identify(settings));
    result = mbedtls_ssl_setup(ssl.get(), config.get());
    if (result != 0) return failed("mbedtls_ssl_setup", result);
    if (settings.server_name) result = mbedtls_ssl_set_hostname(ssl.get(), settings.server_name->c_str());
    if (result != 0) return failed("mbedtls_ssl_set_hostname", result);
    mbedtls_ssl_set_bio(ssl.get(), this, send, receive, nullptr);
    return {};
  }

  // The firmware's output buffer is smaller than the one here, and the library does not split this message.
  bool chain_too_large() const {
    return ssl->state == MBEDTLS_SSL_CLIENT_CERTIFICATE && ssl->client_auth != 0 && sends_certificate &&
           firmware_tls::message_size(certificate) > firmware_tls::kOutputBuffer;
  }

  Error handshake_error(int result) const {
    Error error = failed(kHandshake, result);
    if (result == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED) {
      error.what += ": " + verification_info(mbedtls_ssl_get_verify_result(ssl.get()));
    } else if (result == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
      error.what += fmt::format(": alert {} from the broker", ssl->in_msg[kAlertDescription]);
    }
    return error;
  }

  firmware_tls::Library library;
  TlsPolicy policy;
  TlsVerifier verifier;
  std::vector<std::string> alpn;
  std::vector<const char*> alpn_names;
  firmware_tls::Chain ca;
  firmware_tls::Chain certificate;
  firmware_tls::PrivateKey key;
  Config config;
  Context ssl;
  bool sends_certificate = false;
  int end = 0;  // what the library said when the connection ended; it says it once
  Bytes input;
  Bytes output;
};

TlsEngine::TlsEngine(std::unique_ptr<Session> session) : session_(std::move(session)) {}
TlsEngine::~TlsEngine() = default;
TlsEngine::TlsEngine(TlsEngine&& other) noexcept = default;
TlsEngine& TlsEngine::operator=(TlsEngine&& other) noexcept = default;

Result<TlsEngine> TlsEngine::create(const TlsSettings& settings) {
  auto session = std::make_unique<Session>(settings);
  ATCERT_CHECK(session->set_up(settings));
  return TlsEngine(std::move(session));
}

void TlsEngine::feed(ByteView from_network) {
  session_->input.insert(session_->input.end(), from_network.begin(), from_network.end());
}

Bytes TlsEngine::take_output() {
  return std::exchange(session_->output, {});
}

Result<bool> TlsEngine::handshake() {
  mbedtls_ssl_context* ssl = session_->ssl.get();
  while (ssl->state != MBEDTLS_SSL_HANDSHAKE_OVER) {
    if (session_->chain_too_large()) return mbedtls_error(kHandshake, session_->library.chain_too_large);
    const int result = mbedtls_ssl_handshake_step(ssl);
    if (result == MBEDTLS_ERR_SSL_WANT_READ) return false;
    if (result != 0) return session_->handshake_error(result);
  }
  return true;
}

// In records that fit the firmware's output buffer. What goes wrong shows at the next read.
void TlsEngine::write(ByteView plain) {
  while (!plain.empty()) {
    const std::size_t size = std::min(plain.size(), firmware_tls::kOutputBuffer);
    const int count = mbedtls_ssl_write(session_->ssl.get(), plain.data(), size);
    if (count <= 0) return;
    plain = plain.subspan(static_cast<std::size_t>(count));
  }
}

Result<Bytes> TlsEngine::read() {
  Bytes plain;
  std::array<std::uint8_t, 4096> part;
  while (session_->end == 0) {
    const int count = mbedtls_ssl_read(session_->ssl.get(), part.data(), part.size());
    if (count == MBEDTLS_ERR_SSL_WANT_READ) return plain;
    if (count > 0) {
      plain.insert(plain.end(), part.begin(), part.begin() + count);
    } else {
      session_->end = count != 0 ? count : MBEDTLS_ERR_SSL_CONN_EOF;
    }
  }
  // What came before the end is delivered first.
  if (!plain.empty()) return plain;
  return failed("mbedtls_ssl_read", session_->end);
}

}  // namespace atcert::emulator
