// SPDX-License-Identifier: Apache-2.0
#include "firmware_tls/key_form.hpp"

#include <mbedtls/asn1.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>

#include <array>
#include <utility>

#include "firmware_tls/mbedtls.hpp"

namespace atcert::firmware_tls {
namespace {

using Pem = Owned<mbedtls_pem_context, mbedtls_pem_init, mbedtls_pem_free>;

constexpr int kSequence = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE;
constexpr int kPublicKey = MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED | 1;

// In the order in which mbedtls_pk_parse_key() looks for them.
constexpr std::array<std::pair<const char*, const char*>, 3> kLabels{{
    {"-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"},
    {"-----BEGIN EC PRIVATE KEY-----", "-----END EC PRIVATE KEY-----"},
    {"-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"},
}};

// What is left to read of a DER value.
struct Rest {
  unsigned char* at;
  unsigned char* end;

  bool next_is(int tag) const { return at != end && *at == tag; }
  // The content of the next element, which is stepped over; empty if it is not of this tag.
  Rest take(int tag) {
    std::size_t size = 0;
    if (mbedtls_asn1_get_tag(&at, end, &size, tag) != 0) return {end, end};
    const Rest content{at, at + size};
    at += size;
    return content;
  }
};

// SEC 1, C.4: version, key, [0] curve, [1] public key, which is a bit string: no unused bits, then the point.
int check_ec(Rest key, const Library& library) {
  key.take(MBEDTLS_ASN1_OCTET_STRING);
  key.take(MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED);
  const Rest bits = key.take(kPublicKey).take(MBEDTLS_ASN1_BIT_STRING);
  const bool hybrid = bits.end - bits.at > 1 && (bits.at[1] == 6 || bits.at[1] == 7);
  return hybrid && library.no_hybrid_point ? MBEDTLS_ERR_PK_KEY_INVALID_FORMAT : 0;
}

int check_der(Rest all, const Library& library) {
  const unsigned char* const end = all.end;
  Rest key = all.take(kSequence);
  key.take(MBEDTLS_ASN1_INTEGER);
  if (key.next_is(MBEDTLS_ASN1_OCTET_STRING)) return check_ec(key, library);
  if (key.next_is(MBEDTLS_ASN1_INTEGER)) {
    return library.rsa_exact && all.at != end ? MBEDTLS_ERR_RSA_BAD_INPUT_DATA : 0;
  }
  // PKCS#8 (RFC 5208, 5): algorithm, key, attributes.
  key.take(kSequence);
  const Rest inner = key.take(MBEDTLS_ASN1_OCTET_STRING);
  const int result = check_der(inner, library);
  if (result != 0 || !library.pkcs8_exact || inner.end == end) return result;
  return MBEDTLS_ERR_PK_KEY_INVALID_FORMAT + MBEDTLS_ERR_ASN1_LENGTH_MISMATCH;
}

}  // namespace

int check_form(const Secret& text, const Library& library) {
  for (const auto& [begin, end] : kLabels) {
    Pem pem;
    std::size_t used = 0;
    if (mbedtls_pem_read_buffer(pem.get(), begin, end, text.reveal().data(), nullptr, 0, &used) != 0) continue;
    return check_der({pem->buf, pem->buf + pem->buflen}, library);
  }
  Secret der = text.clone();
  const auto bytes = der.writable();
  const int result = check_der({bytes.data(), bytes.data() + bytes.size()}, library);
  return result != 0 ? MBEDTLS_ERR_PK_KEY_INVALID_FORMAT : 0;
}

}  // namespace atcert::firmware_tls
