// SPDX-License-Identifier: Apache-2.0
#include "credentials/secret_json.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <set>
#include <utility>

#include <fmt/core.h>

namespace atcert::credentials {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxStrings = 1000;  // each is a secret, and may have pages of its own
constexpr std::size_t kMaxNumbers = 10000;
constexpr std::size_t kLongestNumber = 40;  // longer ones are of no use here
constexpr std::size_t kMaxPath = 256;

constexpr std::string_view kNowhere = ".";  // a path that nobody looks for

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The path of what is in the member or element `step` of what `path` leads to.
std::string below(const std::string& path, std::string_view step) {
  if (path == kNowhere || path.size() + step.size() > kMaxPath) return std::string(kNowhere);
  return path + std::string(step);
}

std::string member_of(const std::string& path, std::string_view name) {
  if (name.empty() || name.size() > kMaxPath) return std::string(kNowhere);
  std::string step = path.empty() ? "" : ".";
  for (const char c : name) {
    if (c == '.' || c == '[' || c == '\\') step += '\\';
    step += c;
  }
  return below(path, step);
}

// A code point as UTF-8 (RFC 3629).
void append_utf8(Secret& content, std::uint32_t code) {
  const auto tail = [code](unsigned shift) { return static_cast<std::uint8_t>(0x80U | ((code >> shift) & 0x3FU)); };
  std::array<std::uint8_t, 4> bytes{};
  std::size_t size = 0;
  if (code < 0x80) {
    bytes[size++] = static_cast<std::uint8_t>(code);
  } else if (code < 0x800) {
    bytes[size++] = static_cast<std::uint8_t>(0xC0U | (code >> 6U));
    bytes[size++] = tail(0);
  } else if (code < 0x10000) {
    bytes[size++] = static_cast<std::uint8_t>(0xE0U | (code >> 12U));
    bytes[size++] = tail(6);
    bytes[size++] = tail(0);
  } else {
    bytes[size++] = static_cast<std::uint8_t>(0xF0U | (code >> 18U));
    bytes[size++] = tail(12);
    bytes[size++] = tail(6);
    bytes[size++] = tail(0);
  }
  content.append(ByteView(bytes).first(size));
  explicit_bzero(bytes.data(), bytes.size());
}

// Recursive descent. Every function leaves the position behind what it has read, or at the place that is wrong.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  SecretJson read() {
    if (!value({}, 0) || !at_end()) fail();
    return std::move(result_);
  }

 private:
  void fail() {
    result_.error = refusal_.empty() ? fmt::format("is not JSON from byte {} on", position_)
                                     : fmt::format("{}, at byte {}", refusal_, position_);
  }

  // For what is JSON all the same.
  bool refuse(std::string_view what, std::size_t at) {
    refusal_ = what;
    position_ = at;
    return false;
  }

  bool at_end() {
    skip_space();
    return position_ == text_.size();
  }

  void skip_space() {
    while (position_ < text_.size() && std::string_view(" \t\r\n").find(text_[position_]) != std::string_view::npos) {
      ++position_;
    }
  }

  bool next_is(char wanted) const { return position_ < text_.size() && text_[position_] == wanted; }

  bool take_now(char wanted) {
    if (!next_is(wanted)) return false;
    ++position_;
    return true;
  }

  bool take(char wanted) {
    skip_space();
    return take_now(wanted);
  }

  bool value(const std::string& path, int depth) {
    if (depth > kMaxDepth) return refuse("is nested too deep", position_);
    if (take('{')) return members(path, depth);
    if (take('[')) return elements(path, depth);
    if (!take('"')) return literal(path);
    if (result_.strings.size() == kMaxStrings) return refuse("holds too many texts", position_);
    Secret content;
    if (!string(content)) return false;
    result_.strings.push_back({path, std::move(content)});
    return true;
  }

  bool members(const std::string& path, int depth) {
    if (take('}')) return true;
    std::set<std::string, std::less<>> names;
    do {
      Secret name;
      skip_space();
      const std::size_t start = position_;
      if (!take('"') || !string(name)) return false;
      if (!names.emplace(name.reveal_text()).second) return refuse("gives a member twice", start);
      if (!take(':') || !value(member_of(path, name.reveal_text()), depth + 1)) return false;
    } while (take(','));
    return take('}');
  }

  bool elements(const std::string& path, int depth) {
    if (take(']')) return true;
    std::size_t index = 0;
    do {
      if (!value(below(path, fmt::format("[{}]", index++)), depth + 1)) return false;
    } while (take(','));
    return take(']');
  }

  bool literal(const std::string& path) {
    for (const std::string_view word : {"true", "false", "null"}) {
      if (!text_.substr(position_).starts_with(word)) continue;
      position_ += word.size();
      return true;
    }
    const std::size_t start = position_;
    if (!number()) return false;
    if (result_.numbers.size() == kMaxNumbers) return refuse("holds too many numbers", start);
    const std::string_view text = text_.substr(start, position_ - start);
    if (text.size() <= kLongestNumber) result_.numbers.push_back({path, std::string(text)});
    return true;
  }

  bool digits() {
    const std::size_t start = position_;
    while (position_ < text_.size() && is_digit(text_[position_])) ++position_;
    return position_ > start;
  }

  bool number() {
    take_now('-');
    if (!take_now('0') && !digits()) return false;
    if (take_now('.') && !digits()) return false;
    if (!take_now('e') && !take_now('E')) return true;
    if (!take_now('+')) take_now('-');
    return digits();
  }

  bool string(Secret& content) {
    while (position_ < text_.size()) {
      const std::size_t start = position_;
      const auto is_plain = [](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; };
      while (position_ < text_.size() && is_plain(text_[position_])) ++position_;
      content.append(text_.substr(start, position_ - start));
      if (take_now('"')) return true;
      if (!take_now('\\') || !escape(content)) return false;
    }
    return false;
  }

  bool escape(Secret& content) {
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
    if (take_now('u')) return unicode(content);
    const std::size_t index = position_ < text_.size() ? kNames.find(text_[position_]) : std::string_view::npos;
    if (index == std::string_view::npos) return false;
    ++position_;
    content.append(kValues.substr(index, 1));
    return true;
  }

  // Behind "\u". Characters above 0xFFFF are two escapes, a high and a low surrogate (RFC 8259 section 7).
  bool unicode(Secret& content) {
    const auto code = four_digits();
    if (!code || is_surrogate(*code, 0xDC00)) return false;
    if (!is_surrogate(*code, 0xD800)) {
      append_utf8(content, *code);
      return true;
    }
    if (!take_now('\\') || !take_now('u')) return false;
    const auto low = four_digits();
    if (!low || !is_surrogate(*low, 0xDC00)) return false;
    append_utf8(content, 0x10000U + ((*code & 0x3FFU) << 10U) + (*low & 0x3FFU));
    return true;
  }

  static bool is_surrogate(std::uint32_t code, std::uint32_t first) { return (code & 0xFC00U) == first; }

  std::optional<std::uint32_t> four_digits() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
      if (position_ == text_.size()) return std::nullopt;
      const char c = text_[position_];
      const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (!is_digit(c) && !letter) return std::nullopt;
      code = code * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
      ++position_;
    }
    return code;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::string_view refusal_;
  SecretJson result_;
};

}  // namespace

const Secret* SecretJson::find(std::string_view path) const {
  for (const JsonString& string : strings) {
    if (string.path == path) return &string.value;
  }
  return nullptr;
}

bool SecretJson::has(std::string_view path) const {
  if (const Secret* string = find(path)) return !string->empty();
  return std::any_of(numbers.begin(), numbers.end(), [path](const JsonNumber& number) { return number.path == path; });
}

std::string SecretJson::text_at(std::string_view path) const {
  if (const Secret* string = find(path)) {
    const std::string_view text = string->reveal_text();
    return text.find("-----BEGIN") == text.npos ? std::string(text) : std::string();
  }
  for (const JsonNumber& number : numbers) {
    if (number.path == path) return number.text;
  }
  return {};
}

SecretJson read_secret_json(std::string_view text) {
  return Reader(text).read();
}

}  // namespace atcert::credentials
