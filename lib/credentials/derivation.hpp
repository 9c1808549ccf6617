// SPDX-License-Identifier: Apache-2.0
// Private to this folder: how much work an encrypted item asks for before it opens. The number stands in the file,
// which may be anybody's, and grows up to years.
#pragma once

#include <openssl/x509.h>

#include "base/secret.hpp"

namespace atcert::credentials {

// Whether deriving the key from a passphrase takes more than `most` iterations (PKCS#12, PKCS#5), or for scrypt as many
// rounds (RFC 7914: cost times block size times parallelization).
bool is_too_slow(const X509_ALGOR& algorithm, long most);

// The same of an EncryptedPrivateKeyInfo in DER; a PEM block with RFC 1421 headers is never slow.
bool is_too_slow(const Secret& encrypted, long most);

}  // namespace atcert::credentials
