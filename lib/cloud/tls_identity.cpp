// SPDX-License-Identifier: Apache-2.0
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "cloud/tls.hpp"
#include "credentials/pem.hpp"
#include "credentials/signing_key.hpp"

namespace atcert::cloud {
namespace {

using credentials::CertificatePtr;

Error unreadable(const std::string& source) {
  ERR_clear_error();
  return {ErrorKind::input,
          "credentials_unusable",
          source + ": this machine's TLS library (OpenSSL) does not take it",
          {},
          "run \"atcert check\" on the credentials"};
}

// The first block is the device's own certificate, what follows is sent with it.
bool use_certificates(SSL_CTX* context, const Bytes& pem) {
  bool is_first = true;
  for (const credentials::PemBlock& block : credentials::read_pem(Secret(pem)).blocks) {
    const unsigned char* position = block.der.reveal().data();
    CertificatePtr certificate(d2i_X509(nullptr, &position, static_cast<long>(block.der.size())));
    if (!certificate) return false;
    if (is_first) {
      if (SSL_CTX_use_certificate(context, certificate.get()) != 1) return false;
    } else if (SSL_CTX_add1_chain_cert(context, certificate.get()) != 1) {
      return false;
    }
    is_first = false;
  }
  return !is_first;
}

bool use_key(SSL_CTX* context, const Secret& pem) {
  const credentials::KeyPtr key = credentials::signing_key(pem);
  return key && SSL_CTX_use_PrivateKey(context, key.get()) == 1;
}

// Any of them is trusted, also one that is no root: as Mbed TLS does it.
bool trust(SSL_CTX* context, const Bytes& pem) {
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  for (const credentials::PemBlock& block : credentials::read_pem(Secret(pem)).blocks) {
    const unsigned char* position = block.der.reveal().data();
    const CertificatePtr certificate(d2i_X509(nullptr, &position, static_cast<long>(block.der.size())));
    if (!certificate || X509_STORE_add_cert(store, certificate.get()) != 1) return false;
  }
  return true;
}

}  // namespace

void free_context(ssl_ctx_st* context) {
  SSL_CTX_free(context);
}

Result<TlsIdentity> TlsIdentity::make(const credentials::Credentials* credentials) {
  ContextPtr context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const made = context.get();
  // What the server offers is to be seen, also where OpenSSL would not have it: the offline checks judge key sizes.
  SSL_CTX_set_security_level(made, 0);
  SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION);
  SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_cert_verify_callback(made, TlsStream::judge_server, nullptr);
  if (credentials == nullptr) return TlsIdentity(std::move(context), false);
  if (!use_certificates(made, credentials->certificate.pem)) return unreadable(credentials->certificate.source);
  if (!use_key(made, credentials->key.pem)) return unreadable(credentials->key.source);
  if (!trust(made, credentials->ca.pem)) return unreadable(credentials->ca.source);
  return TlsIdentity(std::move(context), true);
}

}  // namespace atcert::cloud
