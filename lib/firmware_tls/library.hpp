// SPDX-License-Identifier: Apache-2.0
// Which Mbed TLS a release of ESP-AT is built with, and in what it differs from the 2.28 that is linked here. Sources:
// module_config/*/IDF_VERSION at each tag of espressif/esp-at, components/mbedtls of that ESP-IDF, and the ChangeLog
// and code of Mbed TLS; the rows about reading were measured, with 2.16.9, 2.28.3, 3.2.1, 3.4.0, 3.5.0 and 3.6.3 over
// some 190 keys and certificates.
//
//   ESP-AT          ESP-IDF       Mbed TLS
//   2.0             3.3           2.16.2
//   2.1             4.0           2.16.5
//   2.2             4.2, 4.3      2.16.9
//   2.3             4.3           2.16.11
//   2.4             4.3           2.28.0
//   3.0, 3.1        5.0           3.2.1
//   3.2             5.0           3.4.0
//   3.3, 3.4, 4.0   5.0, 5.1      3.5.0
//   4.1             5.4           3.6.3
//   5.0             5.4, 5.5      3.6.3, 3.6.5
//
// What the newer ones read and 2.28 does not stays refused here, so that no answer is kinder than the firmware's: a
// public key in a certificate as a compressed point (from 3.4), keys of X25519 (from 3.5), which sign nothing.
#pragma once

#include <cstddef>

#include "image/release.hpp"

namespace atcert::firmware_tls {

// MBEDTLS_SSL_OUT_CONTENT_LEN: ESP-IDF's default since 4.0, which no ESP-AT changes.
inline constexpr std::size_t kOutputBuffer = 4096;

struct Library {
  const char* version;

  // Keys.
  bool pkcs8_exact;      // nothing may follow the key in PKCS#8, attributes neither: from 3.5 (Mbed-TLS/mbedtls#9422)
  bool rsa_exact;        // nothing may follow an RSA key: from 3.6
  bool no_hybrid_point;  // a public point that holds both coordinates and a sign is refused: from 3.4

  // Certificates.
  bool key_identifiers;  // subject and authority key identifiers are read: from 3.5; before, critical ones are unknown
  bool exact_san;        // addresses and directory names among the alternative names are read: from 3.5
  bool policies;         // certificate policies are read: from 2.24; before, critical ones are unknown
  bool empty_signature;  // is read, and fails later: not in 2.16

  // The connection.
  bool old_protocols;        // TLS 1.0 and 1.1 beside 1.2: up to ESP-IDF 4; TLS 1.3 is off in all
  bool weak_chains;          // SHA-224 and curves below 256 bits in the server's chain: up to 2.28
  bool address_names;        // an IP address is a name that certificates can hold: from 3.5
  unsigned chain_too_large;  // what a chain that does not fit the output buffer ends with
};

Library library_of(const image::Release& release);

}  // namespace atcert::firmware_tls
