// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace atcert {
namespace {

// UTF-8 of a code point, by the bit table of RFC 3629 section 3.
std::string utf8(char32_t point) {
  const auto byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xc0 | point >> 6), byte(0x80 | (point & 0x3f))};
  const char low = byte(0x80 | (point & 0x3f));
  const char middle = byte(0x80 | (point >> 6 & 0x3f));
  if (point < 0x10000) return {byte(0xe0 | point >> 12), middle, low};
  return {byte(0xf0 | point >> 18), byte(0x80 | (point >> 12 & 0x3f)), middle, low};
}

// Char of XML 1.0, production 2, without what is not one line.
bool is_xml_char(char32_t point) {
  return (point >= 0x20 && point <= 0xd7ff) || (point >= 0xe000 && point <= 0xfffd) ||
         (point >= 0x10000 && point <= 0x10ffff);
}

}  // namespace

TEST_CASE("plain text and letters of every script stay as they are") {
  for (const char* text : {"", "AT+GMR", "a\\b \\x41", "Gr\u00fc\u00dfe", "\u65e5\u672c\u8a9e", "\u0627\u0644\u0639",
                           "\u20ac \u2192 \U0001f600", "-----BEGIN CERTIFICATE-----"}) {
    CHECK(printable(text) == text);
  }
}

TEST_CASE("control characters and line ends are written out") {
  CHECK(printable("\x1b[31m") == "\\x1b[31m");
  CHECK(printable("a\nb\r\n") == "a\\nb\\r\\n");
  CHECK(printable(std::string_view("\0\t\x7f", 3)) == "\\x00\\x09\\x7f");
  CHECK(printable("\u009b31m\u0085") == "\\u{9b}31m\\u{85}");
  CHECK(printable("\u2028\u2029") == "\\u{2028}\\u{2029}");
}

TEST_CASE("what turns the direction round or cannot be seen is written out") {
  for (const unsigned point :
       {0x61cU,  0x200eU, 0x200fU, 0x202aU, 0x202bU, 0x202cU, 0x202dU, 0x202eU,  0x2066U,  0x2067U,  0x2068U,
        0x2069U, 0x200bU, 0x200cU, 0x200dU, 0x2060U, 0xfeffU, 0xadU,   0xe0001U, 0xe0041U, 0xe007fU, 0xe0100U}) {
    CHECK(printable(utf8(point)) == fmt::format("\\u{{{:x}}}", point));
  }
}

TEST_CASE("noncharacters are written out") {
  for (const unsigned point : {0xfffeU, 0xffffU, 0xfdd0U, 0xfdefU, 0x1fffeU, 0xffffeU, 0x10ffffU}) {
    CHECK(printable(utf8(point)) == fmt::format("\\u{{{:x}}}", point));
  }
}

TEST_CASE("bytes that are no UTF-8 are written out one by one") {
  CHECK(printable("I \xff\xc3\xa9") == "I \\xff\xc3\xa9");
  CHECK(printable("\xc3") == "\\xc3");
  CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");                    // overlong
  CHECK(printable("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");           // overlong
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // a surrogate
  CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
  CHECK(printable("\xf8\x88\x80\x80\x80").starts_with("\\xf8"));   // five bytes
  CHECK(printable("\x80") == "\\x80");
  CHECK(printable("\xe2\x80") == "\\xe2\\x80");  // cut off
}

TEST_CASE("every code point comes out as legal XML, as one line, and the same when done twice") {
  bool good = true;
  for (char32_t point = 0; point <= 0x10ffff; ++point) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const std::string text = utf8(point);
    const std::string shown = printable(text);
    good = good && (shown != text || is_xml_char(point)) && printable(shown) == shown &&
           (shown == text || shown.starts_with('\\'));
  }
  CHECK(good);
}

}  // namespace atcert
