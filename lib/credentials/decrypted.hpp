// SPDX-License-Identifier: Apache-2.0
// Private to this folder: encrypted private keys, opened without a copy of the key being left in memory. OpenSSL's
// readers and writers of whole keys free their buffers as they are, so only its ciphers are used here.
#pragma once

#include <string>

#include <openssl/pkcs12.h>

#include "base/secret.hpp"

namespace atcert::credentials {

// The key as DER: PKCS#8 (RFC 5208) of an EncryptedPrivateKeyInfo in DER, or the traditional form of a PEM block with
// RFC 1421 headers. Empty when the passphrase is wrong or OpenSSL has no such cipher.
Secret decrypted_der(const Secret& encrypted, const Secret& passphrase);
Secret decrypted_der(const X509_SIG& encrypted, const char* passphrase, int size);

// What a key or a part of a PKCS#12 file is encrypted with, by name: "PBES2 with RC2-CBC",
// "pbeWithSHA1And40BitRC2-CBC".
std::string cipher_name(const X509_ALGOR& algorithm);
std::string cipher_name(const Secret& encrypted);

// A key that is not encrypted, as DER.
Secret plain_der(const PKCS8_PRIV_KEY_INFO& info);

}  // namespace atcert::credentials
