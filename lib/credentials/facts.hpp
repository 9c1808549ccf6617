// SPDX-License-Identifier: Apache-2.0
// Private to this folder: certificates and keys as OpenSSL has them, to the plain facts of credentials.hpp.
#pragma once

#include <optional>
#include <string>

#include "credentials/credentials.hpp"
#include "credentials/openssl.hpp"

namespace atcert::credentials {

// The certificate or key that fills `der` exactly; null when there is none.
CertificatePtr certificate_from(ByteView der);
KeyPtr private_key_from(ByteView der);
KeyPtr public_key_from(ByteView der);

CertificateFacts facts_of(X509* certificate);
KeyFacts facts_of(EVP_PKEY* key);

// "PKCS#1", "SEC1" or "PKCS#8": how `der`, which holds `key`, is laid out.
std::string form_of(ByteView der, EVP_PKEY* key);

// False when the numbers of a private key do not fit together.
bool is_consistent(EVP_PKEY* key);

}  // namespace atcert::credentials
