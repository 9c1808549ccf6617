// SPDX-License-Identifier: Apache-2.0
#include "credentials/c_source.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace atcert::credentials {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";
constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kShortestArray = 32;     // no certificate or key is shorter
constexpr std::size_t kLongestDelimiter = 16;  // of a raw literal
constexpr std::uint8_t kSequence = 0x30;       // what certificates and keys in DER begin with

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// One pass over the source. Nothing is looked at twice but the end of what turns out to be no literal.
class Scanner {
 public:
  explicit Scanner(std::string_view source) : source_(source), text_(Secret::of_size(source.size() + 2)) {}

  std::optional<SourceText> run() {
    while (at_ < source_.size()) step();
    text_.shrink(size_);
    const bool pem = text_.reveal_text().find(kBegin) != kNone;
    if ((!pem || is_one_text()) && arrays_.empty()) return std::nullopt;
    return SourceText{std::move(text_), std::move(arrays_)};
  }

 private:
  std::string_view rest() const { return source_.substr(at_); }

  // One string and nothing else is no source yet: PEM in quotes, as JSON has it.
  bool is_one_text() const { return literals_ == 1 && !others_ && !continued_; }

  void step() {
    if (rest().starts_with("//")) return skip_to("\n");
    if (rest().starts_with("/*")) return skip_to("*/");
    if (rest().starts_with("R\"") && raw_literal()) return;
    const char c = source_[at_];
    if (c == '"' && literal()) return;
    if (c == '{' && array()) return;
    if (c == '\\') return skip_escape();
    ++at_;
    if (kSpace.find(c) != kNone || c == '+') return;  // between literals that belong together
    others_ = true;
    joint_ = false;
  }

  void skip_to(std::string_view end) {
    const std::size_t found = source_.find(end, at_ + 2);
    at_ = found == kNone ? source_.size() : found + end.size();
  }

  // A line that goes on; a quote behind a backslash begins no literal.
  void skip_escape() { at_ = std::min(at_ + 2, source_.size()); }

  void put(char c) { text_.writable()[size_++] = static_cast<std::uint8_t>(c); }

  void begin_literal() {
    if (!joint_ && size_ != 0) put('\n');
    joint_ = true;
    ++literals_;
  }

  // C++: R"delimiter( ... )delimiter"
  bool raw_literal() {
    const std::string_view head = source_.substr(at_ + 2, kLongestDelimiter + 1);
    const std::string_view delimiter = head.substr(0, head.find('('));
    if (open_end_ || delimiter.size() == head.size() || !std::all_of(delimiter.begin(), delimiter.end(), is_word)) {
      return false;
    }
    const std::size_t begin = at_ + 2 + delimiter.size() + 1;
    std::string closing(")");
    closing.append(delimiter).append("\"");
    const std::size_t end = source_.find(closing, begin);
    open_end_ = end == kNone;
    if (open_end_) return false;
    begin_literal();
    others_ = true;
    for (const char c : source_.substr(begin, end - begin)) put(c);
    at_ = end + closing.size();
    return true;
  }

  // False when what begins with a quote ends with its line: then it was none.
  bool literal() {
    const std::size_t end = literal_end();
    if (end == kNone) return false;
    begin_literal();
    for (++at_; at_ < end;) unescape();
    ++at_;
    return true;
  }

  std::size_t literal_end() const {
    for (std::size_t i = at_ + 1; i < source_.size(); ++i) {
      if (source_[i] == '"') return i;
      if (source_[i] == '\n') return kNone;
      if (source_[i] == '\\') i = source_.substr(i + 1).starts_with("\r\n") ? i + 2 : i + 1;
    }
    return kNone;
  }

  void unescape() {
    const char c = source_[at_++];
    if (c != '\\') return put(c);
    const char name = source_[at_++];
    if (name == 'x' || (name >= '0' && name <= '7')) return number(name);
    if (name == '\n' || name == '\r') {  // the line goes on
      if (name == '\r' && rest().starts_with("\n")) ++at_;
      continued_ = true;
      return;
    }
    static constexpr std::string_view kNames = "abfnrtv";
    static constexpr std::string_view kValues = "\a\b\f\n\r\t\v";
    const std::size_t index = kNames.find(name);
    put(index == kNone ? name : kValues[index]);
  }

  void number(char name) {
    const int base = name == 'x' ? 16 : 8;
    const std::string_view digits = name == 'x' ? source_.substr(at_, 2) : source_.substr(at_ - 1, 3);
    unsigned value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    at_ = static_cast<std::size_t>(read.ptr - source_.data());
    put(static_cast<char>(value));
  }

  // Bytes as numbers or characters: {0x30, 0x82, ...}
  bool array() {
    std::size_t count = 0;
    std::size_t i = after_space(at_ + 1);
    for (; i < source_.size() && source_[i] != '}'; ++count) {
      if (!element(i)) return false;
    }
    if (i == source_.size() || count < kShortestArray) return false;
    Secret bytes = Secret::of_size(count);
    i = after_space(at_ + 1);
    for (std::uint8_t& byte : bytes.writable()) byte = *element(i);
    at_ = i + 1;
    take_array(std::move(bytes));
    return true;
  }

  void take_array(Secret bytes) {
    others_ = true;
    joint_ = false;
    if (bytes.reveal()[0] == kSequence) {
      arrays_.push_back(std::move(bytes));
      return;
    }
    begin_literal();
    for (const std::uint8_t byte : bytes.reveal()) put(static_cast<char>(byte));
    joint_ = false;
  }

  std::size_t after_space(std::size_t i) const {
    while (i < source_.size()) {
      const std::string_view here = source_.substr(i);
      if (kSpace.find(here.front()) != kNone) {
        ++i;
      } else if (here.starts_with("/*") || here.starts_with("//")) {
        const std::string_view end = here[1] == '*' ? "*/" : "\n";
        const std::size_t found = here.find(end, 2);
        i = found == kNone ? source_.size() : i + found + end.size();
      } else {
        break;
      }
    }
    return i;
  }

  // The element at `i`, which moves behind it and its comma.
  std::optional<std::uint8_t> element(std::size_t& i) const {
    const auto value = number_at(i);
    i = after_space(i);
    if (i < source_.size() && source_[i] == ',') i = after_space(i + 1);
    return value;
  }

  std::optional<std::uint8_t> number_at(std::size_t& i) const {
    const std::string_view here = source_.substr(i);
    if (here.size() >= 3 && here[0] == '\'' && here[1] != '\\' && here[2] == '\'') {
      i += 3;
      return static_cast<std::uint8_t>(here[1]);
    }
    if (here.starts_with("'\\n'")) {
      i += 4;
      return std::uint8_t{'\n'};
    }
    const bool hex = here.starts_with("0x") || here.starts_with("0X");
    const std::string_view digits = here.substr(hex ? 2 : 0);
    std::uint8_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    if (read.ec != std::errc()) return std::nullopt;
    i = static_cast<std::size_t>(read.ptr - source_.data());
    return value;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  Secret text_;
  std::size_t size_ = 0;
  std::vector<Secret> arrays_;
  std::size_t literals_ = 0;
  bool joint_ = false;      // only space was read since the last literal
  bool others_ = false;     // there is more than plain literals
  bool continued_ = false;  // a literal goes over several lines
  bool open_end_ = false;   // a raw literal has no end, so that looking for the end of another is of no use
};

// JSON has strings too, with the same escapes, and is called by its own name.
bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == kNone || (text[first] != '{' && text[first] != '[')) return false;
  const std::size_t second = text.find_first_not_of(kSpace, first + 1);
  return second != kNone && (text[second] == '"' || text[second] == '{');
}

}  // namespace

std::optional<SourceText> read_c_source(std::string_view source) {
  if (source.find_first_of("\"{") == kNone || is_json(source)) return std::nullopt;
  return Scanner(source).run();
}

}  // namespace atcert::credentials
