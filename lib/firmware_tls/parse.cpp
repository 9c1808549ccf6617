// SPDX-License-Identifier: Apache-2.0
#include "firmware_tls/parse.hpp"

#include <mbedtls/pem.h>

#include <algorithm>

#include "firmware_tls/extensions.hpp"
#include "firmware_tls/key_form.hpp"

namespace atcert::firmware_tls {
namespace {

constexpr const char* kBegin = "-----BEGIN CERTIFICATE-----";
constexpr const char* kEnd = "-----END CERTIFICATE-----";

using Pem = Owned<mbedtls_pem_context, mbedtls_pem_init, mbedtls_pem_free>;

// The firmware hands over a C string: what stands behind a zero is not seen, and so no DER is whole.
Secret as_c_string(ByteView text) {
  Secret copy(text.first(std::min(text.size(), as_text(text).find('\0'))));
  copy.append(std::string_view("\0", 1));
  return copy;
}

int parse_certificate(ByteView der, const Library& library, Chain& chain) {
  Extensions extensions(library);
  Chain alone;
  int result = mbedtls_x509_crt_parse_der_with_ext_cb(alone.get(), der.data(), der.size(), 1, &Extensions::read_unknown,
                                                      &extensions);
  if (result == 0) result = extensions.check(*alone.get());
  if (result != 0) return result;
  return mbedtls_x509_crt_parse_der_with_ext_cb(chain.get(), der.data(), der.size(), 1, &Extensions::read_unknown,
                                                &extensions);
}

// The loop of mbedtls_x509_crt_parse(), which has no way in for the extensions of other releases.
int parse_pem_chain(ByteView text, const Library& library, Chain& chain) {
  bool success = false;
  int first_error = 0;
  int failed = 0;
  while (text.size() > 1) {
    Pem pem;
    std::size_t used = 0;
    int result = mbedtls_pem_read_buffer(pem.get(), kBegin, kEnd, text.data(), nullptr, 0, &used);
    if (result == MBEDTLS_ERR_PEM_BAD_INPUT_DATA) return result;
    if (result == MBEDTLS_ERR_PEM_NO_HEADER_FOOTER_PRESENT) break;
    text = text.subspan(used);
    if (result == 0) result = parse_certificate({pem->buf, pem->buflen}, library, chain);
    success |= result == 0;
    if (result != 0 && first_error == 0) first_error = result;
    if (result != 0) ++failed;
  }
  if (success) return failed;
  return first_error != 0 ? first_error : MBEDTLS_ERR_X509_CERT_UNKNOWN_FORMAT;
}

}  // namespace

int parse_chain(ByteView text, const Library& library, Chain& chain) {
  const Secret whole = as_c_string(text);
  const ByteView bytes = whole.reveal();
  if (as_text(bytes).find(kBegin) == std::string_view::npos) {
    return mbedtls_x509_crt_parse_der(chain.get(), bytes.data(), bytes.size());
  }
  return parse_pem_chain(bytes, library, chain);
}

int parse_private_key(const Secret& text, const Library& library, PrivateKey& key) {
  const Secret whole = as_c_string(text.reveal());
  const int result = mbedtls_pk_parse_key(key.get(), whole.reveal().data(), whole.size(), nullptr, 0);
  return result != 0 ? result : check_form(whole, library);
}

// RFC 5246, 7.4.2: the head of the message and the length of the list, then each certificate with its length.
std::size_t message_size(const Chain& chain) {
  std::size_t size = 4 + 3;
  for (const mbedtls_x509_crt* each = chain.get(); each != nullptr; each = each->next) size += 3 + each->raw.len;
  return size;
}

}  // namespace atcert::firmware_tls
