// SPDX-License-Identifier: Apache-2.0
#include "firmware_tls/extensions.hpp"

#include <mbedtls/asn1.h>
#include <mbedtls/platform.h>

#include <string_view>
#include <utility>

#include "firmware_tls/mbedtls.hpp"

namespace atcert::firmware_tls {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSubjectKeyId = "\x55\x1D\x0E"sv;
constexpr std::string_view kSubjectAltName = "\x55\x1D\x11"sv;
constexpr std::string_view kCertificatePolicies = "\x55\x1D\x20"sv;
constexpr std::string_view kAuthorityKeyId = "\x55\x1D\x23"sv;

constexpr int kSequence = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE;
constexpr int kContext = MBEDTLS_ASN1_CONTEXT_SPECIFIC;
constexpr int kConstructed = MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED;
constexpr int kUnknown = MBEDTLS_ERR_X509_INVALID_EXTENSIONS + MBEDTLS_ERR_ASN1_UNEXPECTED_TAG;
constexpr int kWrongLength = MBEDTLS_ERR_X509_INVALID_EXTENSIONS + MBEDTLS_ERR_ASN1_LENGTH_MISMATCH;

bool is(const mbedtls_x509_buf& oid, std::string_view known) {
  return std::string_view(reinterpret_cast<const char*>(oid.p), oid.len) == known;
}

// An element of this tag that ends at `end`; steps into it.
int enter(unsigned char*& at, const unsigned char* end, int tag) {
  std::size_t size = 0;
  const int result = mbedtls_asn1_get_tag(&at, end, &size, tag);
  if (result != 0) return MBEDTLS_ERR_X509_INVALID_EXTENSIONS + result;
  return at + size == end ? 0 : kWrongLength;
}

int check_directory_name(unsigned char* at, unsigned char* end) {
  std::size_t size = 0;
  int result = mbedtls_asn1_get_tag(&at, end, &size, kSequence);
  if (result != 0) return result;
  mbedtls_x509_name name{};
  result = mbedtls_x509_get_name(&at, at + size, &name);
  while (name.next != nullptr) mbedtls_free(std::exchange(name.next, name.next->next));
  return result;
}

// The names in a GeneralNames (RFC 5280, 4.2.1.6) that 3.5 reads and 2.28 passes over.
int check_names(unsigned char* at, unsigned char* end) {
  while (at < end) {
    const int tag = *at;
    std::size_t size = 0;
    const int result = mbedtls_asn1_get_tag(&at, end, &size, tag);
    if (result != 0) return MBEDTLS_ERR_X509_INVALID_EXTENSIONS + result;
    if (tag == (kContext | 7) && size != 4 && size != 16) return MBEDTLS_ERR_X509_BAD_INPUT_DATA;
    if (tag == (kConstructed | 4)) {
      const int name = check_directory_name(at, at + size);
      if (name != 0) return name;
    }
    at += size;
  }
  return 0;
}

int check_authority_key_id(unsigned char* at, unsigned char* end) {
  int result = enter(at, end, kSequence);
  if (result != 0) return result;
  std::size_t size = 0;
  if (at < end && *at == kContext) {
    result = mbedtls_asn1_get_tag(&at, end, &size, kContext);
    if (result != 0) return MBEDTLS_ERR_X509_INVALID_EXTENSIONS + result;
    at += size;
  }
  if (at == end) return 0;
  result = mbedtls_asn1_get_tag(&at, end, &size, kConstructed | 1);  // the issuer, and then its serial number
  if (result != 0) return MBEDTLS_ERR_X509_INVALID_EXTENSIONS + result;
  result = check_names(at, at + size);
  if (result != 0) return result;
  at += size;
  return enter(at, end, kContext | 2);
}

}  // namespace

int Extensions::read_unknown(void* self, const mbedtls_x509_crt*, const mbedtls_x509_buf* oid, int,
                             const unsigned char*, const unsigned char*) {
  const bool identifier = is(*oid, kSubjectKeyId) || is(*oid, kAuthorityKeyId);
  return identifier && static_cast<Extensions*>(self)->library_.key_identifiers ? 0 : kUnknown;
}

int Extensions::check(const mbedtls_x509_crt& certificate) const {
  if (!library_.empty_signature && certificate.sig.len == 0) {
    return MBEDTLS_ERR_X509_INVALID_SIGNATURE + MBEDTLS_ERR_ASN1_INVALID_DATA;
  }
  return certificate.v3_ext.len == 0 ? 0 : check_extensions(certificate.v3_ext);
}

// Extensions ::= SEQUENCE OF { OID, BOOLEAN DEFAULT FALSE, OCTET STRING }; their form is known to be good.
int Extensions::check_extensions(const mbedtls_x509_buf& extensions) const {
  unsigned char* at = extensions.p;
  const unsigned char* const end = at + extensions.len;
  std::size_t size = 0;
  if (mbedtls_asn1_get_tag(&at, end, &size, kSequence) != 0) return 0;
  while (at < end && mbedtls_asn1_get_tag(&at, end, &size, kSequence) == 0) {
    unsigned char* const next = at + size;
    mbedtls_x509_buf oid{};
    int critical = 0;
    if (mbedtls_asn1_get_tag(&at, next, &oid.len, MBEDTLS_ASN1_OID) != 0) return 0;
    oid.p = at;
    at += oid.len;
    mbedtls_asn1_get_bool(&at, next, &critical);
    if (mbedtls_asn1_get_tag(&at, next, &size, MBEDTLS_ASN1_OCTET_STRING) != 0) return 0;
    const int result = check_extension(oid, critical != 0, at, next);
    if (result != 0) return result;
    at = next;
  }
  return 0;
}

int Extensions::check_extension(const mbedtls_x509_buf& oid, bool critical, unsigned char* begin,
                                unsigned char* end) const {
  if (is(oid, kCertificatePolicies)) return critical && !library_.policies ? kUnknown : 0;
  if (is(oid, kSubjectAltName) && library_.exact_san) {
    const int result = enter(begin, end, kSequence);
    return result != 0 ? result : check_names(begin, end);
  }
  if (is(oid, kSubjectKeyId) && library_.key_identifiers) return enter(begin, end, MBEDTLS_ASN1_OCTET_STRING);
  if (is(oid, kAuthorityKeyId) && library_.key_identifiers) return check_authority_key_id(begin, end);
  return 0;
}

}  // namespace atcert::firmware_tls
