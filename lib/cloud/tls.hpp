// SPDX-License-Identifier: Apache-2.0
// Private to this folder: TLS to a server with a device's credentials, and everything that is to be seen of it. The
// private key goes from its Secret to OpenSSL's secure heap, past every file.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/descriptor.hpp"
#include "base/free_with.hpp"
#include "base/result.hpp"
#include "cloud/probe.hpp"
#include "cloud/waiting.hpp"

struct ssl_ctx_st;
struct ssl_st;
struct x509_store_ctx_st;

namespace atcert::cloud {

void free_context(ssl_ctx_st* context);
void free_stream(ssl_st* stream);

// Credentials as OpenSSL has them, for any number of connections.
class TlsIdentity {
 public:
  // Null: no certificate to show, and no CA to verify with. An error of kind input: OpenSSL does not read them.
  static Result<TlsIdentity> make(const credentials::Credentials* credentials);

  ssl_ctx_st* context() const { return context_.get(); }
  bool has_credentials() const { return has_credentials_; }

 private:
  using ContextPtr = std::unique_ptr<ssl_ctx_st, FreeWith<free_context>>;
  TlsIdentity(ContextPtr context, bool has_credentials)
      : context_(std::move(context)), has_credentials_(has_credentials) {}

  ContextPtr context_;
  bool has_credentials_;
};

struct TlsOptions {
  std::string host = {};
  std::string protocol = {};  // to ask for by ALPN; empty: none
  bool server_name = true;
  TlsVersions versions = TlsVersions::all;
  bool only_verified = false;  // go no further with a server that the CA does not verify, or that has another name
};

class TlsStream {
 public:
  // `identity` outlives it. The socket is connected and non-blocking.
  TlsStream(const TlsIdentity& identity, Descriptor socket, const TlsOptions& options, const Clock& clock);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  TlsHandshake shake_hands(const Waiting& waiting);

  // Takes leave, and hears what the server makes of the client certificate: with TLS 1.3 it tells only now.
  void hear_verdict(TlsHandshake& handshake, const Waiting& waiting);

  enum class Moved { some, nothing_yet, closed };
  // `size` is how much. Nothing of it waits; poll the descriptor, for input as well as for output.
  Moved read(std::span<std::uint8_t> into, std::size_t& size);
  Moved write(ByteView bytes, std::size_t& size);

  // For OpenSSL: sees the server's chain, and says whether to go on.
  static int judge_server(x509_store_ctx_st* context, void*);

  int descriptor() const { return socket_.get(); }
  // How the server closed, once it has.
  const std::optional<TlsAlert>& alert() const;
  const std::string& error() const { return error_; }

 private:
  struct Sight;  // what OpenSSL's callbacks see

  template <typename Step>
  Stage advance(const Step& step, const Waiting& waiting);
  Moved moved(int result);
  void describe(TlsHandshake& handshake) const;

  Descriptor socket_;
  std::unique_ptr<Sight> sight_;
  std::unique_ptr<ssl_st, FreeWith<free_stream>> stream_;
  std::string error_;
};

}  // namespace atcert::cloud
