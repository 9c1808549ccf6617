// SPDX-License-Identifier: Apache-2.0
// A private key as OpenSSL signs with it, made of its numbers: OpenSSL's own reader of DER (d2i_AutoPrivateKey of 3.0)
// leaves the whole key behind in memory that it gives back.
#pragma once

#include "credentials/openssl.hpp"

namespace atcert::credentials {

// Of an RSA key, or one on a named curve, in any of the forms that loaded credentials have (KeyItem::form); null when
// `pem` holds anything else.
KeyPtr signing_key(const Secret& pem);

}  // namespace atcert::credentials
