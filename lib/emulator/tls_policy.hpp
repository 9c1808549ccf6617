// SPDX-License-Identifier: Apache-2.0
// What the firmware's TLS library offers and takes, as ESP-IDF and ESP-AT configure it (components/mbedtls/Kconfig and
// esp_config.h; sdkconfig.defaults of ESP-AT): protocols, cipher suites, signatures, curves, and how strong a chain of
// certificates must be. Debian's build has more.
#pragma once

#include <mbedtls/ssl.h>

#include <vector>

#include "firmware_tls/library.hpp"

namespace atcert::emulator {

class TlsPolicy {
 public:
  explicit TlsPolicy(const firmware_tls::Library& library);
  TlsPolicy(const TlsPolicy&) = delete;
  TlsPolicy& operator=(const TlsPolicy&) = delete;

  // The configuration points to this object from then on.
  void apply(mbedtls_ssl_config& config) const;

 private:
  bool old_protocols_;
  std::vector<int> cipher_suites_;
  std::vector<int> signature_hashes_;
  std::vector<mbedtls_ecp_group_id> curves_;
  mbedtls_x509_crt_profile profile_;
};

}  // namespace atcert::emulator
