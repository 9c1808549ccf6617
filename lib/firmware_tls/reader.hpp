// SPDX-License-Identifier: Apache-2.0
// The firmware's reader: whether the TLS library of an ESP-AT release reads an item exactly as it lies in the module,
// and if not, what that library says. Bytes and a release in, verdict out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "image/release.hpp"

namespace atcert::firmware_tls {

// An error of Mbed TLS.
struct Refusal {
  unsigned code = 0;  // 0x2562 where the library returns -0x2562
  std::string words;  // the library's own: "X509 - The extension tag or value is invalid : ..."

  // "-0x2562 (X509 - The extension tag or value is invalid : ...)"
  std::string text() const;
};
Refusal refusal_of(int result);

// What mbedtls_x509_crt_parse() makes of a stored certificate, chain or CA.
struct ChainVerdict {
  std::optional<Refusal> refusal;  // nothing could be read
  std::size_t certificates = 0;    // that were read
  std::size_t passed_over = 0;     // that could not be read, beside some that could: esp-tls goes on without them
  std::size_t message_size = 0;    // of the TLS message that sends them
  bool fits_output_buffer = true;  // a longer message ends the handshake
};
ChainVerdict read_chain(ByteView text, const image::Release& release);

// What mbedtls_pk_parse_key() makes of a stored key; nothing: it is read.
std::optional<Refusal> read_private_key(const Secret& text, const image::Release& release);

// Both of a device, each read once. `pair` is what mbedtls_pk_check_pair() says of the first certificate and the key,
// where both are read. The firmware does not ask: with a key of another certificate it signs, and the broker refuses
// the signature.
struct PairVerdict {
  ChainVerdict chain;
  std::optional<Refusal> key;
  std::optional<Refusal> pair;
};
PairVerdict read_pair(ByteView certificate, const Secret& key, const image::Release& release);

}  // namespace atcert::firmware_tls
