// SPDX-License-Identifier: Apache-2.0
// The credentials in the module's flash, parsed as mbedTLS would: PEM only, and what does not parse fails with
// mbedTLS's number in the words of esp-tls (components/esp-tls/esp_tls_mbedtls.c, IDF v5.1; numbers: mbedTLS 3.4
// headers).
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace atcert::emulator {

struct X509Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using X509Ptr = std::unique_ptr<X509, X509Free>;

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, KeyFree>;

// An error whose `what` is "<call> returned -0x<number>".
Error mbedtls_error(std::string_view call, unsigned number);

// One certificate at least; like mbedTLS it goes on past one that does not parse. `call` is what esp-tls says it did.
Result<std::vector<X509Ptr>> parse_certificates(const Secret& pem, std::string_view call);

Result<KeyPtr> parse_key(const Secret& pem);

// The key to give to OpenSSL along with `certificate`. mbedTLS does not notice a key of another certificate: it signs
// with it, and the broker refuses the signature. OpenSSL refuses such a pair, so that it gets a key with the public
// half of the certificate, whose signatures are just as wrong.
KeyPtr key_as_mbedtls_uses_it(X509& certificate, KeyPtr key);

}  // namespace atcert::emulator
