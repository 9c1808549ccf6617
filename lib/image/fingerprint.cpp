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
  void operator()(char* text) const { OPENSSL_free(text); }
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};

struct Block {
  std::unique_ptr<char, Free> label;
  std::unique_ptr<char, Free> header;
  std::unique_ptr<unsigned char, Free> der;
  std::size_t size = 0;
};

Block read_block(BIO* bio) {
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* der = nullptr;
  long size = 0;
  if (PEM_read_bio(bio, &label, &header, &der, &size) != 1) ERR_clear_error();
  return {std::unique_ptr<char, Free>(label), std::unique_ptr<char, Free>(header),
          std::unique_ptr<unsigned char, Free>(der), static_cast<std::size_t>(size)};
}

}  // namespace

std::string certificate_fingerprint(ByteView pem) {
  if (as_text(pem).find("-----BEGIN CERTIFICATE-----") == std::string_view::npos) return {};
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  for (Block block = read_block(bio.get()); block.label; block = read_block(bio.get())) {
    if (std::string_view(block.label.get()) == PEM_STRING_X509) return sha256({block.der.get(), block.size});
  }
  return {};
}

}  // namespace atcert::image
