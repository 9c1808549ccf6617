// SPDX-License-Identifier: Apache-2.0
#include "at/text.hpp"

#include <fmt/core.h>

namespace atcert::at {
namespace {

bool is_continuation(unsigned char byte) {
  return (byte & 0xc0) == 0x80;
}

// The length of the well-formed UTF-8 character that `text` begins with, 0 when there is none (RFC 3629, section 4).
std::size_t character_size(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = at(0);
  const unsigned second = at(1);
  if (first < 0x80) return 1;
  std::size_t size = 0;
  if (first >= 0xc2 && first <= 0xdf) size = 2;
  if (first >= 0xe0 && first <= 0xef) size = 3;
  if (first >= 0xf0 && first <= 0xf4) size = 4;
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second > 0x9f;
  const bool too_big = first == 0xf4 && second > 0x8f;
  if (overlong || surrogate || too_big) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(static_cast<unsigned char>(at(i)))) return 0;
  }
  return size;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0 || is_control(text.front())) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    result += text.substr(0, size);
    text.remove_prefix(size);
  }
  return result;
}

}  // namespace atcert::at
