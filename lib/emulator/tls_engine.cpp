// SPDX-License-Identifier: Apache-2.0
#include "emulator/tls_engine.hpp"

#include <array>
#include <string>

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "emulator/tls_credentials.hpp"

namespace atcert::emulator {
namespace {

constexpr std::string_view kHandshake = "mbedtls_ssl_handshake";

// mbedtls/x509.h, ssl.h
constexpr unsigned kVerifyFailed = 0x2700;
constexpr unsigned kFatalAlert = 0x7780;
constexpr unsigned kInvalidRecord = 0x7200;

struct ContextFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, ContextFree>;

bool verifies_server(int scheme) {
  return scheme == 3 || scheme == 5;
}

bool sends_certificate(int scheme) {
  return scheme == 4 || scheme == 5;
}

Error setup_error(std::string_view what) {
  ERR_clear_error();
  return {ErrorKind::cloud, "tls_setup", fmt::format("create_ssl_handle failed: {}", what), {}, {}};
}

// Any certificate that is stored as CA is trusted as it is, self-signed or not, as in mbedTLS.
Result<void> trust_ca(SSL_CTX& context, const MqttConnectRequest& request) {
  ATCERT_TRY(const auto, authorities, parse_certificates(request.ca, "mbedtls_x509_crt_parse of CA cert"));
  for (const auto& authority : authorities) X509_STORE_add_cert(SSL_CTX_get_cert_store(&context), authority.get());
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(&context);
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  if (request.check_dates) {
    X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(request.module_time));
  } else {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
  }
  return {};
}

Result<void> use_certificate(SSL_CTX& context, const MqttConnectRequest& request) {
  ATCERT_TRY(const auto, chain, parse_certificates(request.certificate, "mbedtls_x509_crt_parse of public cert"));
  ATCERT_TRY(KeyPtr, key, parse_key(request.key));
  const KeyPtr used = key_as_mbedtls_uses_it(*chain.front(), std::move(key));
  if (SSL_CTX_use_certificate(&context, chain.front().get()) != 1) return setup_error("the certificate is not usable");
  if (SSL_CTX_use_PrivateKey(&context, used.get()) != 1) return setup_error("the key is not usable");
  for (std::size_t i = 1; i < chain.size(); ++i) SSL_CTX_add1_chain_cert(&context, chain[i].get());
  return {};
}

Result<void> set_names(SSL& ssl, const MqttConnectRequest& request) {
  if (!verifies_server(request.scheme)) {
    SSL_set_tlsext_host_name(&ssl, request.host.c_str());
  } else if (request.sni) {
    SSL_set_tlsext_host_name(&ssl, request.sni->c_str());
    SSL_set1_host(&ssl, request.sni->c_str());
  }
  Bytes protocols;  // each with its length before it (RFC 7301, 3.1)
  for (const auto& name : request.alpn) {
    protocols.push_back(static_cast<std::uint8_t>(name.size()));
    protocols.insert(protocols.end(), name.begin(), name.end());
  }
  if (protocols.empty()) return {};
  // Unlike its siblings this one returns 0 for success.
  if (SSL_set_alpn_protos(&ssl, protocols.data(), static_cast<unsigned>(protocols.size())) != 0) {
    return setup_error("an ALPN name is too long");
  }
  return {};
}

// What mbedtls_x509_crt_verify_info() says of the same fault.
std::string verification_info(long result) {
  switch (result) {
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "The certificate validity starts in the future";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "The certificate validity has expired";
    case X509_V_ERR_HOSTNAME_MISMATCH:
      return "The certificate Common Name (CN) does not match with the expected CN";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "The certificate is not correctly signed by the trusted CA";
    default:
      return X509_verify_cert_error_string(result);
  }
}

Error handshake_error(const SSL& ssl) {
  const unsigned long error = ERR_peek_last_error();
  const int reason = ERR_GET_REASON(error);
  ERR_clear_error();
  Error failure = mbedtls_error(kHandshake, kInvalidRecord);
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    failure = mbedtls_error(kHandshake, kVerifyFailed);
    failure.what += ": " + verification_info(SSL_get_verify_result(&ssl));
  } else if (reason >= SSL_AD_REASON_OFFSET) {
    failure = mbedtls_error(kHandshake, kFatalAlert);
    failure.what += fmt::format(": alert {} from the broker", reason - SSL_AD_REASON_OFFSET);
  }
  return failure;
}

}  // namespace

Result<TlsEngine> TlsEngine::create(const MqttConnectRequest& request) {
  const ContextPtr context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  if (verifies_server(request.scheme)) ATCERT_CHECK(trust_ca(*context, request));
  if (sends_certificate(request.scheme)) ATCERT_CHECK(use_certificate(*context, request));
  SslPtr ssl(SSL_new(context.get()));
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(ssl.get());
  ATCERT_CHECK(set_names(*ssl, request));
  return TlsEngine(std::move(ssl));
}

void TlsEngine::feed(ByteView from_network) {
  BIO_write(SSL_get_rbio(ssl_.get()), from_network.data(), static_cast<int>(from_network.size()));
}

Bytes TlsEngine::take_output() {
  BIO* output = SSL_get_wbio(ssl_.get());
  Bytes bytes(BIO_ctrl_pending(output));
  if (!bytes.empty()) BIO_read(output, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

Result<bool> TlsEngine::handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) return true;
  // A memory BIO that is empty asks for a retry; everything that is written goes in.
  if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) return false;
  return handshake_error(*ssl_);
}

void TlsEngine::write(ByteView plain) {
  ERR_clear_error();
  if (!plain.empty()) SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
}

Result<Bytes> TlsEngine::read() {
  Bytes plain;
  std::array<std::uint8_t, 4096> part;
  for (;;) {
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), part.data(), static_cast<int>(part.size()));
    if (count > 0) {
      plain.insert(plain.end(), part.begin(), part.begin() + count);
      continue;
    }
    const int error = SSL_get_error(ssl_.get(), count);
    // What came before the end is delivered first; the next call meets the end again.
    if (error == SSL_ERROR_WANT_READ || !plain.empty()) return plain;
    if (error == SSL_ERROR_ZERO_RETURN) return mbedtls_error("mbedtls_ssl_read", 0x7880);  // close notify
    return mbedtls_error("mbedtls_ssl_read", kFatalAlert);
  }
}

}  // namespace atcert::emulator
