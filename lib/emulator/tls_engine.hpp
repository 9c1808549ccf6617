// SPDX-License-Identifier: Apache-2.0
// The TLS client of the emulated module: Mbed TLS, the firmware's library, set up as esp-tls does it
// (components/esp-tls/esp_tls_mbedtls.c, ESP-IDF 4.3 to 5.4), and what the release's Mbed TLS does otherwise
// (firmware_tls/library.hpp). Verifies against the stored CA and the module's own clock. Knows no socket: bytes from
// and for the network go through feed() and take_output().
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "image/release.hpp"

namespace atcert::emulator {

struct TlsSettings {
  image::Release release;
  bool verify_server = false;
  bool send_certificate = false;
  std::optional<std::string> server_name;  // sent (SNI), and checked where the server is verified
  bool check_name = true;
  std::vector<std::string> alpn;
  // As they are stored in flash; what is not needed is not looked at.
  ByteView ca;
  ByteView certificate;
  const Secret* key = nullptr;
  WallTime module_time;     // the module's own clock
  bool check_dates = true;  // MBEDTLS_HAVE_TIME_DATE
};

class TlsEngine {
 public:
  // Fails with Mbed TLS's number when the stored credentials are not read. Borrows nothing.
  static Result<TlsEngine> create(const TlsSettings& settings);
  ~TlsEngine();
  TlsEngine(TlsEngine&& other) noexcept;
  TlsEngine& operator=(TlsEngine&& other) noexcept;
  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  void feed(ByteView from_network);
  Bytes take_output();

  // Goes on with the handshake; true when it is done. Errors are in the words of esp-tls.
  Result<bool> handshake();

  // After the handshake.
  void write(ByteView plain);
  Result<Bytes> read();  // what has been decrypted; an error when the broker closed or broke the connection

 private:
  struct Session;

  explicit TlsEngine(std::unique_ptr<Session> session);

  std::unique_ptr<Session> session_;
};

}  // namespace atcert::emulator
