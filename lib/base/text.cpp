// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace atcert {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// In their order. Names as in the Unicode Character Database.
constexpr std::array<Range, 21> kUnseen{{
    {0x0080, 0x009f},    // C1 controls: some terminals take U+009B for ESC [
    {0x00ad, 0x00ad},    // soft hyphen
    {0x034f, 0x034f},    // combining grapheme joiner
    {0x061c, 0x061c},    // Arabic letter mark
    {0x115f, 0x1160},    // Hangul fillers
    {0x17b4, 0x17b5},    // Khmer vowels without a form
    {0x180b, 0x180f},    // Mongolian selectors and separator
    {0x200b, 0x200f},    // zero width, marks of direction
    {0x2028, 0x202e},    // line and paragraph separators, embeddings and overrides of direction
    {0x2060, 0x206f},    // word joiner, invisible operators, isolates of direction
    {0x3164, 0x3164},    // Hangul filler
    {0xfdd0, 0xfdef},    // noncharacters
    {0xfe00, 0xfe0f},    // variation selectors
    {0xfeff, 0xfeff},    // zero width no-break space
    {0xffa0, 0xffa0},    // halfwidth Hangul filler
    {0xfff0, 0xfffb},    // unassigned, interlinear annotation
    {0xfffe, 0xffff},    // noncharacters
    {0x1bca0, 0x1bca3},  // shorthand format controls
    {0x1d173, 0x1d17a},  // musical format controls
    {0xe0000, 0xe0fff},  // tags, variation selectors
    {0xffffe, 0xfffff},  // noncharacters, as the last two of every plane are
}};

bool is_unseen(char32_t point) {
  if ((point & 0xfffe) == 0xfffe) return true;
  const auto range =
      std::find_if(kUnseen.begin(), kUnseen.end(), [&](const Range& each) { return point <= each.last; });
  return range != kUnseen.end() && point >= range->first;
}

struct Character {
  char32_t point = 0;
  std::size_t size = 0;  // in bytes; 0: the text begins with no well-formed character
};

// By the table of well-formed byte sequences, RFC 3629 section 4: nothing overlong, no surrogates, nothing above
// 10FFFF.
Character first_character(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : '\0'); };
  const unsigned char first = at(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return {};
  char32_t point = first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xc0U) != 0x80) return {};
    point = point << 6 | (at(i) & 0x3fU);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point < kLeast.at(size) || surrogate || point > 0x10ffff) return {};
  return {point, size};
}

bool is_plain(char c) {
  return c >= ' ' && c <= '~';
}

std::string shown(const Character& character, std::string_view bytes) {
  if (bytes == "\n") return "\\n";
  if (bytes == "\r") return "\\r";
  if (character.point < ' ' || character.point == 0x7f) {
    return fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes.front()));
  }
  return is_unseen(character.point) ? fmt::format("\\u{{{:x}}}", static_cast<unsigned>(character.point))
                                    : std::string(bytes);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
    result += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Character character = first_character(text);
    const std::size_t size = std::max(character.size, std::size_t{1});
    // A byte that is no character has point 0, and is shown as a byte.
    result += shown(character, text.substr(0, size));
    text.remove_prefix(size);
  }
  return result;
}

}  // namespace atcert
