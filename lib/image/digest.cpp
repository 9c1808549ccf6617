// SPDX-License-Identifier: Apache-2.0
#include "image/digest.hpp"

#include <array>
#include <memory>

#include <fmt/core.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace atcert::image {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::string hex(ByteView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

std::string sha256(ByteView bytes) {
  std::array<std::uint8_t, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return hex(digest);
}

std::string certificate_fingerprint(ByteView pem) {
  if (as_text(pem).find("-----BEGIN CERTIFICATE-----") == std::string_view::npos) return {};
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<X509, Free> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  std::array<std::uint8_t, 32> digest{};
  if (certificate != nullptr) X509_digest(certificate.get(), EVP_sha256(), digest.data(), nullptr);
  ERR_clear_error();
  return certificate != nullptr ? hex(digest) : std::string();
}

}  // namespace atcert::image
