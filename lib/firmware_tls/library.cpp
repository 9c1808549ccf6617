// SPDX-License-Identifier: Apache-2.0
#include "firmware_tls/library.hpp"

#include <array>

namespace atcert::firmware_tls {
namespace {

// mbedtls/ssl.h: MBEDTLS_ERR_SSL_CERTIFICATE_TOO_LARGE, which 3.0 replaced by MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL.
constexpr unsigned kCertificateTooLarge = 0x7580;
constexpr unsigned kBufferTooSmall = 0x6A00;

enum Version { v2_16, v2_28, v3_2, v3_4, v3_5, v3_6 };

struct Row {
  image::Release since;
  const char* name;
  Version version;
};

constexpr std::array kRows{
    Row{image::Release{{2, 0, 0, 0}}, "2.16.2", v2_16}, Row{image::Release{{2, 1, 0, 0}}, "2.16.5", v2_16},
    Row{image::Release{{2, 2, 0, 0}}, "2.16.9", v2_16}, Row{image::Release{{2, 3, 0, 0}}, "2.16.11", v2_16},
    Row{image::Release{{2, 4, 0, 0}}, "2.28.0", v2_28}, Row{image::Release{{3, 0, 0, 0}}, "3.2.1", v3_2},
    Row{image::Release{{3, 2, 0, 0}}, "3.4.0", v3_4},   Row{image::Release{{3, 3, 0, 0}}, "3.5.0", v3_5},
    Row{image::Release{{4, 1, 0, 0}}, "3.6.3", v3_6},
};

const Row& row_of(const image::Release& release) {
  const Row* found = kRows.data();
  for (const Row& row : kRows) {
    if (row.since <= release) found = &row;
  }
  return *found;
}

}  // namespace

Library library_of(const image::Release& release) {
  const Row& row = row_of(release);
  Library library{};
  library.version = row.name;
  library.pkcs8_exact = row.version >= v3_5;
  library.rsa_exact = row.version >= v3_6;
  library.no_hybrid_point = row.version >= v3_4;
  library.key_identifiers = row.version >= v3_5;
  library.exact_san = row.version >= v3_5;
  library.policies = row.version >= v2_28;
  library.empty_signature = row.version >= v2_28;
  library.old_protocols = row.version <= v2_28;
  library.weak_chains = row.version <= v2_28;
  library.address_names = row.version >= v3_5;
  library.chain_too_large = row.version <= v2_28 ? kCertificateTooLarge : kBufferTooSmall;
  return library;
}

}  // namespace atcert::firmware_tls
