// SPDX-License-Identifier: Apache-2.0
#include "emulator/command_line.hpp"

#include <limits>
#include <optional>

namespace atcert::emulator {
namespace {

// The characters that may stand in a command's name; others end it.
constexpr std::string_view kNamePunctuation = "!%-./:_";

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name(char c) {
  return is_upper(c) || is_lower(c) || is_digit(c) || kNamePunctuation.find(c) != std::string_view::npos;
}
char to_upper(char c) {
  return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

// The value of a digit in `base`, or nothing.
std::optional<std::uint32_t> digit_value(char c, std::uint32_t base) {
  std::uint32_t value = base;
  if (is_digit(c)) value = static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') value = static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') value = static_cast<std::uint32_t>(c - 'A' + 10);
  if (value >= base) return std::nullopt;
  return value;
}

bool has_hex_prefix(std::string_view text) {
  return text.size() > 1 && text[0] == '0' && to_upper(text[1]) == 'X';
}

// The content of a quoted string with its backslashes taken out, or nothing if the quoting is wrong.
std::optional<Secret> unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  Secret content = Secret::of_size(text.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return std::nullopt;
    if (text[i] == '\\' && ++i == text.size()) return std::nullopt;
    content.writable()[size++] = static_cast<std::uint8_t>(text[i]);
  }
  content.shrink(size);
  return content;
}

CommandLine malformed(std::uint32_t error) {
  CommandLine line;
  line.error = error;
  return line;
}

// Where the name ends. A '+' can only begin it.
std::size_t name_end(std::string_view text) {
  std::size_t end = text.starts_with('+') ? 1 : 0;
  while (end < text.size() && is_name(text[end])) ++end;
  return end;
}

}  // namespace

Parameters::Parameters(ByteView text, ErrorSink report) : text_(text), report_(std::move(report)) {
  const std::string_view all = text_.reveal_text();
  std::size_t start = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == '\\') {
      ++i;
    } else if (all[i] == ',') {
      ranges_.emplace_back(start, i - start);
      start = i + 1;
    }
  }
  ranges_.emplace_back(start, all.size() - start);
}

std::string_view Parameters::raw(std::size_t index) const {
  return text_.reveal_text().substr(ranges_[index].first, ranges_[index].second);
}

Parameter<std::int32_t> Parameters::number(std::size_t index) const {
  if (index >= count()) {
    report_(parse_error(index));
    return {};
  }
  std::string_view text = raw(index);
  if (text.empty()) return {Read::omitted, 0};
  const bool negative = text.front() == '-';
  const std::uint32_t base = has_hex_prefix(text) ? 16 : 10;
  text.remove_prefix(base == 16 ? 2 : negative ? 1 : 0);
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = digit_value(c, base);
    if (!digit) {
      report_(parse_error(index));
      return {};
    }
    value = value * base + *digit;
    if (value > std::numeric_limits<std::uint32_t>::max()) return {};  // fails without a code
  }
  const auto bits = static_cast<std::uint32_t>(value);
  return {Read::ok, static_cast<std::int32_t>(negative ? 0 - bits : bits)};
}

Parameter<Secret> Parameters::secret(std::size_t index) const {
  if (index < count() && raw(index).empty()) return {Read::omitted, {}};
  std::optional<Secret> content = index < count() ? unquote(raw(index)) : std::nullopt;
  if (!content) {
    report_(parse_error(index));
    return {};
  }
  return {Read::ok, std::move(*content)};
}

Parameter<std::string> Parameters::text(std::size_t index) const {
  const Parameter<Secret> content = secret(index);
  return {content.read, std::string(content.value.reveal_text())};
}

CommandLine parse_command_line(ByteView bytes, Parameters::ErrorSink report) {
  std::string_view text = as_text(bytes);
  if (text.size() > kMaxLineSize) return malformed(kErrorNoAt);
  text.remove_suffix(2);
  if (text.size() < 2 || to_upper(text[0]) != 'A' || to_upper(text[1]) != 'T') return malformed(kErrorNoAt);
  text.remove_prefix(2);

  CommandLine line;
  const std::size_t end = name_end(text);
  for (const char c : text.substr(0, end)) line.name += to_upper(c);
  const std::string_view rest = text.substr(end);
  if (rest.starts_with("=?")) {
    line.form = Form::test;
    if (rest.size() > 2) line.error = kErrorUnsupported;
  } else if (rest.starts_with('=')) {
    line.form = Form::set;
    line.parameters = Parameters(as_bytes(rest.substr(1)), std::move(report));
  } else if (rest.starts_with('?')) {
    line.form = Form::query;
    if (rest.size() > 1) line.error = kErrorUnsupported;
  }
  return line;  // what else may follow the name is ignored
}

}  // namespace atcert::emulator
