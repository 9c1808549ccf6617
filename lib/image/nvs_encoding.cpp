// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_encoding.hpp"

#include <array>
#include <charconv>
#include <string>

#include "image/csv.hpp"

namespace atcert::image {
namespace {

struct Name {
  std::string_view name;
  NvsType type;
};

constexpr std::array<Name, 12> kEncodings{{{"u8", NvsType::u8},
                                           {"i8", NvsType::i8},
                                           {"u16", NvsType::u16},
                                           {"i16", NvsType::i16},
                                           {"u32", NvsType::u32},
                                           {"i32", NvsType::i32},
                                           {"u64", NvsType::u64},
                                           {"i64", NvsType::i64},
                                           {"string", NvsType::string},
                                           {"binary", NvsType::blob},
                                           {"hex2bin", NvsType::blob},
                                           {"base64", NvsType::blob}}};

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_blank(char letter) {
  return letter == ' ' || (letter >= '\t' && letter <= '\r');
}

// Digits with single underscores between them, as in Python; without them and without leading zeros.
std::optional<std::string> plain_digits(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '_' && i > 0 && i + 1 < text.size() && is_digit(text[i - 1])) continue;
    if (!is_digit(text[i])) return std::nullopt;
    if (text[i] != '0' || !digits.empty()) digits += text[i];
  }
  if (text.empty()) return std::nullopt;
  return digits.empty() ? "0" : digits;
}

// The bits of a number of `size` bytes, in two's complement.
std::optional<std::uint64_t> number_bits(std::string_view text, std::size_t size, bool is_signed) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto digits = plain_digits(text);
  if (!digits) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits->data(), digits->data() + digits->size(), value);
  if (error != std::errc()) return std::nullopt;
  const std::uint64_t most = ~std::uint64_t{0} >> (64 - 8 * size) >> (is_signed ? 1 : 0);
  const std::uint64_t limit = negative ? (is_signed ? most + 1 : 0) : most;
  if (value > limit) return std::nullopt;
  return negative ? ~value + 1 : value;
}

int hex_digit(char letter) {
  if (is_digit(letter)) return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

std::optional<Secret> decode_hex(std::string_view text) {
  text = trimmed(text);
  if (text.size() % 2 != 0) return std::nullopt;
  Secret bytes = Secret::of_size(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.writable()[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return bytes;
}

int base64_digit(char letter) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t place = kAlphabet.find(letter);
  return place == std::string_view::npos ? -1 : static_cast<int>(place);
}

std::optional<Secret> decode_base64(std::string_view text) {
  Secret bytes = Secret::of_size(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  std::size_t letters = 0;
  std::size_t padding = 0;
  std::uint32_t group = 0;
  for (const char letter : text) {
    if (is_blank(letter)) continue;
    const int digit = letter == '=' ? 0 : base64_digit(letter);
    padding += letter == '=' ? 1 : 0;
    if (digit < 0 || padding > 2 || (padding > 0 && letter != '=')) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(digit);
    if (++letters % 4 != 0) continue;
    for (int shift = 16; shift >= 0; shift -= 8) bytes.writable()[size++] = static_cast<std::uint8_t>(group >> shift);
    group = 0;
  }
  if (letters % 4 != 0) return std::nullopt;
  bytes.shrink(size - padding);
  return bytes;
}

}  // namespace

std::optional<NvsType> nvs_type_of_encoding(std::string_view encoding) {
  for (const Name& each : kEncodings) {
    if (each.name == encoding) return each.type;
  }
  return std::nullopt;
}

std::optional<Secret> encode_nvs_integer(NvsType type, std::string_view text) {
  constexpr auto kSigned = 0x10U;
  const std::size_t size = integer_size(type);
  const auto bits = number_bits(trimmed(text), size, (static_cast<unsigned>(type) & kSigned) != 0);
  if (!bits) return std::nullopt;
  Secret bytes = Secret::of_size(size);
  for (std::size_t i = 0; i < size; ++i) bytes.writable()[i] = static_cast<std::uint8_t>(*bits >> 8 * i);
  return bytes;
}

std::optional<Secret> decode_nvs_text(std::string_view encoding, std::string_view text) {
  const auto type = nvs_type_of_encoding(encoding);
  if (!type) return std::nullopt;
  if (integer_size(*type) != 0) return encode_nvs_integer(*type, text);
  if (encoding == "hex2bin") return decode_hex(text);
  if (encoding == "base64") return decode_base64(text);
  if (encoding == "string" && text.find('\0') != std::string_view::npos) return std::nullopt;
  return Secret(text);
}

}  // namespace atcert::image
