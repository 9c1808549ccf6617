// SPDX-License-Identifier: Apache-2.0
// Credentials as the firmware's library reads them, into Mbed TLS's own objects: mbedtls_x509_crt_parse() and
// mbedtls_pk_parse_key() on the stored text as the C string that ESP-AT makes of it, and what the release's Mbed TLS
// refuses beyond that (library.hpp). For whoever only wants to know whether they are read: reader.hpp.
#pragma once

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "firmware_tls/library.hpp"
#include "firmware_tls/mbedtls.hpp"

namespace atcert::firmware_tls {

// The library's return value: 0, an error below it, or how many certificates could not be read beside those that could.
// esp-tls goes on after such a partial success.
int parse_chain(ByteView text, const Library& library, Chain& chain);
int parse_private_key(const Secret& text, const Library& library, PrivateKey& key);

// The size of the TLS message that sends the chain; more than kOutputBuffer does not fit.
std::size_t message_size(const Chain& chain);

}  // namespace atcert::firmware_tls
