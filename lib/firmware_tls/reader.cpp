// SPDX-License-Identifier: Apache-2.0
#include "firmware_tls/reader.hpp"

#include <mbedtls/error.h>

#include <array>

#include <fmt/core.h>

#include "firmware_tls/parse.hpp"

namespace atcert::firmware_tls {
namespace {

std::optional<Refusal> refused(int result) {
  return result != 0 ? std::optional(refusal_of(result)) : std::nullopt;
}

// `result` is parse_chain()'s.
ChainVerdict verdict_of(int result, const Chain& chain) {
  ChainVerdict verdict;
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

}  // namespace

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
  return verdict_of(parse_chain(text, library_of(release), chain), chain);
}

std::optional<Refusal> read_private_key(const Secret& text, const image::Release& release) {
  PrivateKey key;
  return refused(parse_private_key(text, library_of(release), key));
}

PairVerdict read_pair(ByteView certificate, const Secret& key_text, const image::Release& release) {
  const Library library = library_of(release);
  Chain chain;
  PrivateKey key;
  PairVerdict verdict;
  verdict.chain = verdict_of(parse_chain(certificate, library, chain), chain);
  verdict.key = refused(parse_private_key(key_text, library, key));
  if (!verdict.chain.refusal && !verdict.key) verdict.pair = refused(mbedtls_pk_check_pair(&chain->pk, key.get()));
  return verdict;
}

}  // namespace atcert::firmware_tls
