// SPDX-License-Identifier: Apache-2.0
#include "image/fingerprint.hpp"

#include <memory>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/digest.hpp"

namespace atcert::image {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

}  // namespace

std::string certificate_fingerprint(ByteView pem) {
  if (as_text(pem).find("-----BEGIN CERTIFICATE-----") == std::string_view::npos) return {};
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<X509, Free> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (certificate == nullptr) return {};
  Bytes der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
  unsigned char* end = der.data();
  i2d_X509(certificate.get(), &end);
  return sha256(der);
}

}  // namespace atcert::image
