// SPDX-License-Identifier: Apache-2.0
// What the library cannot know when it verifies the server: the module's own time, and names that are addresses, which
// Mbed TLS knows from 3.5 on. The dates of this machine only choose among several CAs of one name, as in the library.
#pragma once

#include <mbedtls/x509_crt.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "firmware_tls/library.hpp"

namespace atcert::emulator {

struct TlsVerifier {
  const firmware_tls::Library& library;
  std::optional<std::string> server_name;
  bool check_name;
  WallTime module_time;
  bool check_dates;

  // For mbedtls_ssl_conf_verify(): called for each certificate of the chain, the server's last, with depth 0.
  static int look_again(void* self, mbedtls_x509_crt* certificate, int depth, std::uint32_t* flags);
};

}  // namespace atcert::emulator
