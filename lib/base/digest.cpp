// SPDX-License-Identifier: Apache-2.0
// Of OpenSSL's two ways to a digest this is the direct one, deprecated in 3.0: the other first looks up all algorithms
// of all providers, which takes longer than the digests of a whole build.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.hpp"

#include <openssl/md5.h>
#include <openssl/sha.h>

namespace atcert {

std::string sha256(ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &context);
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xF];
  }
  return text;
}

std::array<std::uint8_t, 16> md5(ByteView bytes) {
  std::array<std::uint8_t, MD5_DIGEST_LENGTH> digest{};
  MD5_CTX context;
  MD5_Init(&context);
  MD5_Update(&context, bytes.data(), bytes.size());
  MD5_Final(digest.data(), &context);
  return digest;
}

}  // namespace atcert
