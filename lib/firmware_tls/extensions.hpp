// SPDX-License-Identifier: Apache-2.0
// What the releases' Mbed TLS makes of the extensions and other parts of a certificate, where it is not what the one
// linked here makes of them (library.hpp).
#pragma once

#include <mbedtls/x509_crt.h>

#include "firmware_tls/library.hpp"

namespace atcert::firmware_tls {

class Extensions {
 public:
  explicit Extensions(const Library& library) : library_(library) {}

  // For mbedtls_x509_crt_parse_der_with_ext_cb(): whether the firmware knows an extension that 2.28 does not.
  static int read_unknown(void* self, const mbedtls_x509_crt* certificate, const mbedtls_x509_buf* oid, int critical,
                          const unsigned char* begin, const unsigned char* end);

  // 0, or the error of the firmware for a certificate that 2.28 has read.
  int check(const mbedtls_x509_crt& certificate) const;

 private:
  int check_extensions(const mbedtls_x509_buf& extensions) const;
  int check_extension(const mbedtls_x509_buf& oid, bool critical, unsigned char* begin, unsigned char* end) const;

  const Library& library_;
};

}  // namespace atcert::firmware_tls
