// SPDX-License-Identifier: Apache-2.0
#include "base/compact_text.hpp"

namespace atcert {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_hex(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

bool is_line_escape(char c) {
  return c == 'n' || c == 'r' || c == 't';
}

// How much of the start of `text` only introduces what follows: a backslash, the escape of a line end, 0x.
std::size_t introduction(std::string_view text, Alphabet alphabet) {
  const char first = text.front();
  const char second = text.size() > 1 ? text[1] : '\0';
  const bool byte = lower(second) == 'x' && text.size() > 2 && is_hex(text[2]);
  if (first == '\\' && alphabet != Alphabet::value && (is_line_escape(second) || byte)) {
    // \x0a is a line end to base64, and a byte to hex.
    return byte && alphabet == Alphabet::base64 ? 4 : 2;
  }
  if (first == '\\') return 1;
  return first == '0' && byte && alphabet == Alphabet::hex ? 2 : 0;
}

bool counts(char c, Alphabet alphabet) {
  switch (alphabet) {
    case Alphabet::value:
      return true;
    case Alphabet::base64:
      return is_base64(c);
    case Alphabet::hex:
      return is_hex(c);
  }
  return false;
}

}  // namespace

bool is_base64(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '+' || c == '/';
}

CompactText compact(std::string_view text, Alphabet alphabet) {
  CompactText result{Secret::of_size(text.size()), {}};
  result.places.reserve(text.size());
  const auto room = result.text.writable();
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t skipped = introduction(text.substr(i), alphabet); skipped > 0) {
      i += skipped;
      continue;
    }
    if (counts(text[i], alphabet)) {
      room[result.places.size()] = static_cast<std::uint8_t>(alphabet == Alphabet::hex ? lower(text[i]) : text[i]);
      result.places.push_back(i);
    }
    ++i;
  }
  result.text.shrink(result.places.size());
  return result;
}

}  // namespace atcert
