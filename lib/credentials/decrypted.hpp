// SPDX-License-Identifier: Apache-2.0
// Private to this folder: encrypted private keys, opened without a copy of the key being left in memory. OpenSSL's
// readers and writers of whole keys free their buffers as they are, so only its ciphers are used here.
#pragma once

#include "base/secret.hpp"

namespace atcert::credentials {

// The key as DER: PKCS#8 (RFC 5208) of an EncryptedPrivateKeyInfo in DER, or the traditional form of a PEM block with
// RFC 1421 headers. Empty when the passphrase is wrong or OpenSSL has no such cipher.
Secret decrypted_der(const Secret& encrypted, const Secret& passphrase);

}  // namespace atcert::credentials
