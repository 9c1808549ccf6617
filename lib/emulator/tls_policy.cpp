// SPDX-License-Identifier: Apache-2.0
#include "emulator/tls_policy.hpp"

#include <mbedtls/ssl_ciphersuites.h>

#include <cstdint>
#include <string_view>

namespace atcert::emulator {
namespace {

constexpr int kEndOfList = 0;

// ESP-IDF leaves out Camellia, ARIA, ChaCha20-Poly1305, 3DES and pre-shared keys.
std::vector<int> cipher_suites() {
  std::vector<int> suites;
  for (const int* id = mbedtls_ssl_list_ciphersuites(); *id != kEndOfList; ++id) {
    const mbedtls_ssl_ciphersuite_t* suite = mbedtls_ssl_ciphersuite_from_id(*id);
    const mbedtls_cipher_info_t* cipher = mbedtls_cipher_info_from_type(suite->cipher);
    const bool aes = cipher != nullptr && std::string_view(cipher->name).starts_with("AES");
    if (aes && mbedtls_ssl_ciphersuite_uses_psk(suite) == 0) suites.push_back(*id);
  }
  suites.push_back(kEndOfList);
  return suites;
}

// ssl_preset_default_hashes of 2.28 with ESP-IDF's MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_KEY_EXCHANGE, and of 3.x.
std::vector<int> signature_hashes(const firmware_tls::Library& library) {
  if (library.weak_chains) {
    return {MBEDTLS_MD_SHA512, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA256,
            MBEDTLS_MD_SHA224, MBEDTLS_MD_SHA1,   MBEDTLS_MD_NONE};
  }
  return {MBEDTLS_MD_SHA512, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA256, MBEDTLS_MD_NONE};
}

// ssl_preset_default_curves of 3.x; before, all that there are, the largest first.
std::vector<mbedtls_ecp_group_id> curves(const firmware_tls::Library& library) {
  if (!library.weak_chains) {
    return {MBEDTLS_ECP_DP_CURVE25519, MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_SECP384R1, MBEDTLS_ECP_DP_SECP521R1,
            MBEDTLS_ECP_DP_BP256R1,    MBEDTLS_ECP_DP_BP384R1,   MBEDTLS_ECP_DP_BP512R1,   MBEDTLS_ECP_DP_NONE};
  }
  std::vector<mbedtls_ecp_group_id> all;
  for (const mbedtls_ecp_group_id* id = mbedtls_ecp_grp_id_list(); *id != MBEDTLS_ECP_DP_NONE; ++id) all.push_back(*id);
  all.push_back(MBEDTLS_ECP_DP_NONE);
  return all;
}

// mbedtls_x509_crt_profile_default of 2.28, and of 3.0 and later.
mbedtls_x509_crt_profile profile(const firmware_tls::Library& library) {
  mbedtls_x509_crt_profile profile = mbedtls_x509_crt_profile_default;
  if (library.weak_chains) return profile;
  profile.allowed_mds &= ~std::uint32_t{MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA224)};
  profile.allowed_curves =
      MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1) |
      MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP521R1) | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_BP256R1) |
      MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_BP384R1) | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_BP512R1);
  return profile;
}

}  // namespace

TlsPolicy::TlsPolicy(const firmware_tls::Library& library)
    : old_protocols_(library.old_protocols),
      cipher_suites_(cipher_suites()),
      signature_hashes_(signature_hashes(library)),
      curves_(curves(library)),
      profile_(profile(library)) {}

void TlsPolicy::apply(mbedtls_ssl_config& config) const {
  const int lowest = old_protocols_ ? MBEDTLS_SSL_MINOR_VERSION_1 : MBEDTLS_SSL_MINOR_VERSION_3;
  mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, lowest);
  mbedtls_ssl_conf_max_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_ciphersuites(&config, cipher_suites_.data());
  mbedtls_ssl_conf_sig_hashes(&config, signature_hashes_.data());
  mbedtls_ssl_conf_curves(&config, curves_.data());
  mbedtls_ssl_conf_cert_profile(&config, &profile_);
}

}  // namespace atcert::emulator
