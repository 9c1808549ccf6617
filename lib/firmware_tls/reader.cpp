// SPDX-License-Identifier: Apache-2.0
#include "firmware_tls/reader.hpp"

#include <mbedtls/error.h>

#include <array>

#include <fmt/core.h>

#include "firmware_tls/parse.hpp"

namespace atcert::firmware_tls {

std::string Refusal::text() const {
  return fmt::format("-0x{:04X} ({})", code, words);
}

Refusal refusal_of(int result) {
  std::array<char, 200> words{};
  mbedtls_strerror(result, words.data(), words.size());
  return {static_cast<unsigned>(-result), words.data()};
}

ChainVerdict read_chain(ByteView text, const image::Release& release) {
  Chain chain;
  ChainVerdict verdict;
  const int result = parse_chain(text, library_of(release), chain);
  if (result < 0) {
    verdict.refusal = refusal_of(result);
    return verdict;
  }
  for (const mbedtls_x509_crt* each = chain.get(); each != nullptr; each = each->next) ++verdict.certificates;
  verdict.passed_over = static_cast<std::size_t>(result);
  verdict.message_size = message_size(chain);
  verdict.fits_output_buffer = verdict.message_size <= kOutputBuffer;
  return verdict;
}

std::optional<Refusal> read_private_key(const Secret& text, const image::Release& release) {
  PrivateKey key;
  const int result = parse_private_key(text, library_of(release), key);
  if (result == 0) return std::nullopt;
  return refusal_of(result);
}

std::optional<Refusal> check_pair(ByteView certificate, const Secret& key_text, const image::Release& release) {
  const Library library = library_of(release);
  Chain chain;
  PrivateKey key;
  int result = parse_chain(certificate, library, chain);
  if (result >= 0) result = parse_private_key(key_text, library, key);
  if (result == 0) result = mbedtls_pk_check_pair(&chain->pk, key.get());
  if (result == 0) return std::nullopt;
  return refusal_of(result);
}

}  // namespace atcert::firmware_tls
