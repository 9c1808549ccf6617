// SPDX-License-Identifier: Apache-2.0
#include "image/fingerprint.hpp"

#include <memory>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/digest.hpp"

namespace atcert::image {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(void* memory) const { OPENSSL_free(memory); }
};

using MemoryPtr = std::unique_ptr<void, Free>;

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";

}  // namespace

std::string certificate_fingerprint(ByteView pem) {
  // What stands before may be a private key, which OpenSSL would decode into memory that nobody wipes.
  const std::size_t begin = as_text(pem).find(kBegin);
  if (begin == std::string_view::npos) return {};
  const ByteView text = pem.subspan(begin);
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* der = nullptr;
  long size = 0;
  if (PEM_read_bio(bio.get(), &label, &header, &der, &size) != 1) {
    ERR_clear_error();
    return {};
  }
  const MemoryPtr owned[] = {MemoryPtr(label), MemoryPtr(header), MemoryPtr(der)};
  return sha256({der, static_cast<std::size_t>(size)});
}

}  // namespace atcert::image
