// SPDX-License-Identifier: Apache-2.0
// The TLS client of the emulated module: OpenSSL made to behave as esp-tls with mbedTLS under ESP-AT does. TLS 1.2 only
// (ESP-AT's default builds), the server verified against the stored CA and the module's own clock, and names as below.
// Knows no socket: bytes from and for the network go through feed() and take_output().
//
//   scheme   verifies the server   sends its certificate   server name (SNI)
//   2        no                    no                      the host
//   3        yes                   no                      none and not checked; with AT+MQTTSNI that name, checked
//   4        no                    yes                     the host
//   5        yes                   yes                     as scheme 3
#pragma once

#include <memory>

#include <openssl/ssl.h>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "emulator/mqtt_connection.hpp"

namespace atcert::emulator {

class TlsEngine {
 public:
  // Fails with mbedTLS's number when the stored credentials do not parse.
  static Result<TlsEngine> create(const MqttConnectRequest& request);

  void feed(ByteView from_network);
  Bytes take_output();

  // Goes on with the handshake; true when it is done. Errors are in the words of esp-tls.
  Result<bool> handshake();

  // After the handshake.
  void write(ByteView plain);
  Result<Bytes> read();  // what has been decrypted; an error when the broker closed or broke the connection

 private:
  struct SslFree {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  using SslPtr = std::unique_ptr<SSL, SslFree>;

  explicit TlsEngine(SslPtr ssl) : ssl_(std::move(ssl)) {}

  SslPtr ssl_;
};

}  // namespace atcert::emulator
