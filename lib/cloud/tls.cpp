// SPDX-License-Identifier: Apache-2.0
#include "cloud/tls.hpp"

#include <poll.h>

#include <cerrno>
#include <cstring>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "credentials/certificate.hpp"

namespace atcert::cloud {
namespace {

// OpenSSL 3.0 has no words for one of TLS 1.3.
std::string name_of_alert(int value) {
  return (value & 0xff) == SSL_AD_CERTIFICATE_REQUIRED ? "certificate required" : SSL_alert_desc_string_long(value);
}

}  // namespace

struct TlsStream::Sight {
  TlsOptions options;
  const Clock* clock;
  bool has_credentials;
  std::vector<credentials::CertificateFacts> chain = {};
  std::optional<bool> trusted = {};
  std::string distrust = {};
  std::optional<bool> name_matches = {};
  bool was_asked = false;
  bool was_let_in = false;  // something came that only a client gets that has not been refused
  std::optional<TlsAlert> alert = {};

  static Sight& of(const SSL* stream) { return *static_cast<Sight*>(SSL_get_app_data(stream)); }

  static void hear(const SSL* stream, int where, int value) {
    if (where != SSL_CB_READ_ALERT) return;
    const int number = value & 0xff;
    if (number != SSL_AD_CLOSE_NOTIFY) of(stream).alert = TlsAlert{number, name_of_alert(value)};
  }

  // OpenSSL shows the certificate that was set before; this only learns that the server has asked.
  static int be_asked(SSL* stream, void*) {
    of(stream).was_asked = true;
    return 1;
  }

  // RFC 8446 section 4.6.1: a server sends tickets when it is content with the client.
  static void hear_ticket(int is_sent, int, int type, const void* message, std::size_t size, SSL* stream, void*) {
    const bool is_handshake = is_sent == 0 && type == SSL3_RT_HANDSHAKE && size > 0;
    if (is_handshake && *static_cast<const unsigned char*>(message) == SSL3_MT_NEWSESSION_TICKET) {
      of(stream).was_let_in = true;
    }
  }

  // Whether to go on.
  bool see_server(X509_STORE_CTX* context) {
    see_chain(X509_STORE_CTX_get0_untrusted(context));
    if (!has_credentials) return true;
    see_name(X509_STORE_CTX_get0_cert(context));
    see_trust(context);
    return !options.only_verified || (*trusted && *name_matches);
  }

 private:
  void see_chain(const STACK_OF(X509) * sent) {
    for (int i = 0; i < sk_X509_num(sent); ++i) {
      unsigned char* der = nullptr;
      const int size = i2d_X509(sk_X509_value(sent, i), &der);
      if (size <= 0) continue;
      if (auto facts = credentials::certificate_facts({der, static_cast<std::size_t>(size)})) {
        chain.push_back(std::move(*facts));
      }
      OPENSSL_free(der);
    }
  }

  void see_name(X509* certificate) {
    name_matches = X509_check_host(certificate, options.host.data(), options.host.size(), 0, nullptr) == 1 ||
                   X509_check_ip_asc(certificate, options.host.c_str(), 0) == 1;
  }

  void see_trust(X509_STORE_CTX* context) {
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), std::chrono::system_clock::to_time_t(clock->wall()));
    trusted = X509_verify_cert(context) == 1;
    if (!*trusted) distrust = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
  }
};

namespace {

// As ALPN has it on the wire (RFC 7301): each name behind its length.
std::string in_list(const std::string& protocol) {
  return static_cast<char>(protocol.size()) + protocol;
}

void offer(SSL* stream, TlsVersions versions) {
  if (versions == TlsVersions::only_1_2) SSL_set_max_proto_version(stream, TLS1_2_VERSION);
  if (versions == TlsVersions::only_1_3) SSL_set_min_proto_version(stream, TLS1_3_VERSION);
}

// RFC 6066 section 3: an address is no server name.
bool is_address(const std::string& host) {
  const std::unique_ptr<ASN1_OCTET_STRING, FreeWith<ASN1_OCTET_STRING_free>> address(a2i_IPADDRESS(host.c_str()));
  return address != nullptr;
}

// In OpenSSL's words, else in the system's. Empties OpenSSL's queue.
std::string reason_of(int ssl_error, int system_error) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  const bool is_end = ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  ERR_clear_error();
  const bool is_reset = system_error == 0 || system_error == ECONNRESET || system_error == EPIPE;
  if (is_end || (ssl_error == SSL_ERROR_SYSCALL && is_reset)) return "the server closed the connection";
  if (ssl_error == SSL_ERROR_SYSCALL) return std::strerror(system_error);
  if (ssl_error == SSL_ERROR_ZERO_RETURN) return "the server took leave";
  return reason != nullptr ? reason : "no reason given";
}

}  // namespace

void free_stream(ssl_st* stream) {
  SSL_free(stream);
}

TlsStream::TlsStream(const TlsIdentity& identity, Descriptor socket, const TlsOptions& options, const Clock& clock)
    : socket_(std::move(socket)),
      sight_(new Sight{options, &clock, identity.has_credentials()}),
      stream_(SSL_new(identity.context())) {
  SSL* const stream = stream_.get();
  SSL_set_app_data(stream, sight_.get());
  SSL_set_fd(stream, socket_.get());
  SSL_set_info_callback(stream, Sight::hear);
  SSL_set_cert_cb(stream, Sight::be_asked, nullptr);
  SSL_set_msg_callback(stream, Sight::hear_ticket);
  SSL_set_verify(stream, SSL_VERIFY_PEER, nullptr);
  offer(stream, options.versions);
  if (options.server_name && !is_address(options.host)) SSL_set_tlsext_host_name(stream, options.host.c_str());
  if (options.protocol.empty()) return;
  const std::string list = in_list(options.protocol);
  SSL_set_alpn_protos(stream, as_bytes(list).data(), static_cast<unsigned>(list.size()));
}

TlsStream::~TlsStream() = default;

int TlsStream::judge_server(x509_store_ctx_st* context, void*) {
  const auto index = SSL_get_ex_data_X509_STORE_CTX_idx();
  return Sight::of(static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, index))).see_server(context) ? 1 : 0;
}

const std::optional<TlsAlert>& TlsStream::alert() const {
  return sight_->alert;
}

// Calls `step`, a function of OpenSSL, until it has done all of its work, and waits for the socket in between.
template <typename Step>
Stage TlsStream::advance(const Step& step, const Waiting& waiting) {
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const int result = step(stream_.get());
    const int system_error = errno;
    if (result == 1) return Stage::passed;
    const int error = SSL_get_error(stream_.get(), result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
      error_ = reason_of(error, system_error);
      return Stage::failed;
    }
    const short events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    if (const Stage stage = waiting.wait(descriptor(), events); stage != Stage::passed) return stage;
  }
}

TlsHandshake TlsStream::shake_hands(const Waiting& waiting) {
  TlsHandshake handshake;
  handshake.server_name = sight_->options.server_name;
  handshake.offered = sight_->options.versions;
  handshake.stage = advance(SSL_connect, waiting);
  if (handshake.stage == Stage::failed) handshake.error = error_;
  describe(handshake);
  handshake.took = waiting.taken();
  return handshake;
}

void TlsStream::describe(TlsHandshake& handshake) const {
  using ClientCertificate = TlsHandshake::ClientCertificate;
  handshake.chain = sight_->chain;
  handshake.trusted = sight_->trusted;
  handshake.distrust = sight_->distrust;
  handshake.name_matches = sight_->name_matches;
  handshake.alert = sight_->alert;
  const bool passed = handshake.stage == Stage::passed;
  const bool is_1_3 = SSL_version(stream_.get()) == TLS1_3_VERSION;
  if (passed) {
    handshake.version = SSL_get_version(stream_.get());
    handshake.cipher = SSL_get_cipher_name(stream_.get());
    const unsigned char* protocol = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(stream_.get(), &protocol, &size);
    handshake.protocol = as_text({protocol, size});
  }
  if (!sight_->was_asked) {
    if (passed) handshake.client_certificate = ClientCertificate::not_asked;
  } else if (!sight_->has_credentials) {
    handshake.client_certificate = ClientCertificate::none;
  } else if (handshake.alert) {
    handshake.client_certificate = ClientCertificate::refused;
  } else if (passed && !is_1_3) {
    handshake.client_certificate = ClientCertificate::accepted;
  }
}

void TlsStream::hear_verdict(TlsHandshake& handshake, const Waiting& waiting) {
  using ClientCertificate = TlsHandshake::ClientCertificate;
  if (handshake.stage != Stage::passed || SSL_version(stream_.get()) != TLS1_3_VERSION || !sight_->was_asked) return;
  SSL_shutdown(stream_.get());
  std::array<std::uint8_t, 256> dropped;
  std::size_t size = 0;
  for (;;) {
    const Moved result = read(dropped, size);
    if (result == Moved::some) continue;
    if (result == Moved::closed || waiting.wait(descriptor(), POLLIN) != Stage::passed) break;
  }
  handshake.alert = sight_->alert;
  if (!sight_->has_credentials) return;
  if (handshake.alert) {
    handshake.client_certificate = ClientCertificate::refused;
  } else if (sight_->was_let_in) {
    handshake.client_certificate = ClientCertificate::accepted;
  }
}

TlsStream::Moved TlsStream::moved(int result) {
  const int system_error = errno;
  if (result == 1) return Moved::some;
  const int error = SSL_get_error(stream_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return Moved::nothing_yet;
  error_ = reason_of(error, system_error);
  sight_->was_let_in |= error == SSL_ERROR_ZERO_RETURN;
  return Moved::closed;
}

TlsStream::Moved TlsStream::read(std::span<std::uint8_t> into, std::size_t& size) {
  ERR_clear_error();
  errno = 0;
  return moved(SSL_read_ex(stream_.get(), into.data(), into.size(), &size));
}

TlsStream::Moved TlsStream::write(ByteView bytes, std::size_t& size) {
  ERR_clear_error();
  errno = 0;
  return moved(SSL_write_ex(stream_.get(), bytes.data(), bytes.size(), &size));
}

}  // namespace atcert::cloud
