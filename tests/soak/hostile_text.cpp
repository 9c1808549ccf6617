// SPDX-License-Identifier: Apache-2.0
#include "soak/hostile_text.hpp"

#include <fmt/core.h>

namespace atcert::soak {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;  // 0: no UTF-8
};

Character character_at(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (size == 0 || first >= 0xf5) return {};
  std::uint32_t code = first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  if (overlong || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return {};
  return {code, size};
}

bool is_unfit(std::uint32_t code) {
  const bool control = (code < 0x20 && code != '\n') || (code >= 0x7f && code < 0xa0);
  const bool direction = code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
                         (code >= 0x2066 && code <= 0x2069);
  const bool line_end = code == 0x2028 || code == 0x2029;
  return control || direction || line_end || (code & 0xfffe) == 0xfffe;
}

}  // namespace

std::string hostile_text(Chance& chance) {
  static const std::vector<std::string> parts = {"\x1b[2J\x1b[31m",
                                                 "\x1b]0;title\x07",
                                                 "\xe2\x80\xae"
                                                 "reversed",
                                                 "\xef\xbf\xbe",
                                                 "\xc2\x9b"
                                                 "31m",
                                                 "\xff\xfe",
                                                 "a\rb",
                                                 "\b\b\b",
                                                 "<x>&\"'",
                                                 "]]>",
                                                 "%s%n",
                                                 "\xe2\x80\xa8",
                                                 "\xed\xa0\x80",
                                                 "${wifi_password}",
                                                 "{}",
                                                 "\x7f",
                                                 "\\u0000",
                                                 "\xf0\x9f\x98\x80"};
  std::string text;
  for (std::size_t i = 1 + chance.below(4); i > 0; --i) text += chance.one_of(parts);
  return text;
}

std::string unfit_in(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    if (character.size == 0) return fmt::format("invalid UTF-8 (0x{:02x})", static_cast<unsigned char>(text[at]));
    if (is_unfit(character.code)) return fmt::format("U+{:04X}", character.code);
    at += character.size;
  }
  return {};
}

}  // namespace atcert::soak
