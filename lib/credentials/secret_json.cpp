// SPDX-License-Identifier: Apache-2.0
#include "credentials/secret_json.hpp"

#include <utility>

namespace atcert::credentials {
namespace {

constexpr int kMaxDepth = 32;

// Recursive descent. Every function leaves the position behind what it has read, or at the place that is wrong.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  SecretJson read() {
    if (!value({}, 0) || !at_end()) result_.error_offset = position_;
    return std::move(result_);
  }

 private:
  bool at_end() {
    skip_space();
    return position_ == text_.size();
  }

  void skip_space() {
    while (position_ < text_.size() && std::string_view(" \t\r\n").find(text_[position_]) != std::string_view::npos) {
      ++position_;
    }
  }

  bool take(char wanted) {
    skip_space();
    if (position_ == text_.size() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }

  bool value(const std::string& path, int depth) {
    if (depth > kMaxDepth) return false;
    if (take('{')) return members(path, depth);
    if (take('[')) return elements(depth);
    if (!take('"')) return literal();
    Secret content;
    if (!string(content)) return false;
    result_.strings.push_back({path, std::move(content)});
    return true;
  }

  bool members(const std::string& path, int depth) {
    if (take('}')) return true;
    do {
      Secret name;
      if (!take('"') || !string(name) || !take(':')) return false;
      const std::string prefix = path.empty() ? "" : path + ".";
      if (!value(prefix + std::string(name.reveal_text()), depth + 1)) return false;
    } while (take(','));
    return take('}');
  }

  bool elements(int depth) {
    if (take(']')) return true;
    do {
      if (!value({}, depth + 1)) return false;
    } while (take(','));
    return take(']');
  }

  // Numbers are not wanted, so their spelling is not checked.
  bool literal() {
    const std::size_t start = position_;
    const auto in_literal = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
    };
    while (position_ < text_.size() && in_literal(text_[position_])) ++position_;
    const std::string_view word = text_.substr(start, position_ - start);
    const bool is_number = !word.empty() && (word[0] == '-' || (word[0] >= '0' && word[0] <= '9'));
    if (is_number || word == "true" || word == "false" || word == "null") return true;
    position_ = start;
    return false;
  }

  bool string(Secret& content) {
    while (position_ < text_.size()) {
      const std::size_t stop = text_.find_first_of("\"\\", position_);
      if (stop == std::string_view::npos) return false;
      content.append(text_.substr(position_, stop - position_));
      position_ = stop + 1;
      if (text_[stop] == '"') return true;
      if (!escape(content)) return false;
    }
    return false;
  }

  bool escape(Secret& content) {
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
    if (position_ == text_.size()) return false;
    const char name = text_[position_++];
    if (name == 'u') return unicode(content);
    const std::size_t index = kNames.find(name);
    if (index == std::string_view::npos) return false;
    content.append(kValues.substr(index, 1));
    return true;
  }

  // PEM is ASCII; any other character is kept as a mark that spoils it where it matters.
  bool unicode(Secret& content) {
    if (text_.size() - position_ < 4) return false;
    unsigned code = 0;
    for (const char c : text_.substr(position_, 4)) {
      const std::size_t digit = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
      if (digit == std::string_view::npos) return false;
      code = code * 16 + static_cast<unsigned>(digit);
    }
    position_ += 4;
    const char character = code < 0x80 ? static_cast<char>(code) : '?';
    content.append(std::string_view(&character, 1));
    return true;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  SecretJson result_;
};

}  // namespace

const Secret* SecretJson::find(std::string_view path) const {
  for (const JsonString& string : strings) {
    if (string.path == path) return &string.value;
  }
  return nullptr;
}

SecretJson read_secret_json(std::string_view text) {
  return Reader(text).read();
}

}  // namespace atcert::credentials
