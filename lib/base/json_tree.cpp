// SPDX-License-Identifier: Apache-2.0
#include "base/json_tree.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/json.hpp"

namespace atcert {
namespace {

constexpr std::size_t kMaxDepth = 24;
constexpr std::size_t kMaxSize = 1024 * 1024;  // a tree takes many times the room of its text

// Reads characters for nlohmann's lexer and keeps where the lexer is.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* position, const char** furthest) : position_(position), furthest_(furthest) {}

  const char& operator*() const { return *position_; }
  CountingIterator& operator++() {
    *furthest_ = position_++;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return position_ == other.position_; }
  bool operator!=(const CountingIterator& other) const { return position_ != other.position_; }

 private:
  const char* position_;
  const char** furthest_;  // the last character that was read
};

// Builds the tree from nlohmann's SAX events.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(std::string_view text, const JsonSource& source, const char* const& furthest)
      : source_(source), furthest_(furthest), counted_(text.data()), text_(text) {}

  bool null() override { return add({}); }
  bool boolean(bool value) override {
    return add({.kind = JsonNode::Kind::boolean, .key = {}, .text = {}, .boolean = value, .children = {}});
  }
  bool number_integer(number_integer_t) override { return add_plain(JsonNode::Kind::other_number); }
  bool number_float(number_float_t, const string_t&) override { return add_plain(JsonNode::Kind::other_number); }
  bool number_unsigned(number_unsigned_t value) override {
    return add({.kind = JsonNode::Kind::number, .key = {}, .text = {}, .number = value, .children = {}});
  }
  bool string(string_t& value) override {
    return add({.kind = JsonNode::Kind::string, .key = {}, .text = std::move(value), .children = {}});
  }
  bool binary(binary_t&) override { return fail(line(), "binary values are not JSON"); }

  bool start_object(std::size_t) override { return open(JsonNode::Kind::object); }
  bool start_array(std::size_t) override { return open(JsonNode::Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const auto [first, added] = names_.back().try_emplace(name, line());
    if (!added) {
      return fail(line(), fmt::format("\"{}\" is given twice, first in line {}", excerpt(name), first->second));
    }
    key_ = std::move(name);
    return true;
  }

  // The library's own words quote the text.
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    constexpr int kOutOfRange = 406;
    if (error.id == kOutOfRange) return fail(line(), "a number that is out of range");
    const std::string_view before = text_.substr(0, position > 0 ? position - 1 : 0);
    const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    if (position > text_.size()) return fail(lines + 1, "not JSON: it ends too early");
    const std::size_t start = before.rfind('\n');
    const std::size_t column = start == before.npos ? before.size() : before.size() - start - 1;
    return fail(lines + 1, fmt::format("not JSON: from column {} on", column + 1));
  }

  JsonNode root;
  std::optional<Error> failure;

 private:
  // The line of the last character read, which is the last one of a token, or the one behind it for a number.
  std::size_t line() {
    line_ += static_cast<std::size_t>(std::count(counted_, furthest_, '\n'));
    counted_ = furthest_;
    return line_;
  }

  bool add_plain(JsonNode::Kind kind) {
    JsonNode node;
    node.kind = kind;
    return add(std::move(node));
  }

  bool add(JsonNode node) {
    node.line = line();
    node.key = std::exchange(key_, {});
    (open_.empty() ? root : open_.back().children.emplace_back()) = std::move(node);
    return true;
  }

  bool open(JsonNode::Kind kind) {
    if (open_.size() == kMaxDepth) return fail(line(), fmt::format("nested more than {} deep", kMaxDepth));
    JsonNode node;
    node.kind = kind;
    node.line = line();
    node.key = std::exchange(key_, {});
    open_.push_back(std::move(node));
    names_.emplace_back();
    return true;
  }

  bool close() {
    JsonNode node = std::move(open_.back());
    open_.pop_back();
    names_.pop_back();
    (open_.empty() ? root : open_.back().children.emplace_back()) = std::move(node);
    return true;
  }

  bool fail(std::size_t at_line, const std::string& reason) {
    failure = source_.error(at_line, reason);
    return false;
  }

  const JsonSource& source_;
  const char* const& furthest_;
  const char* counted_;  // line_ is right up to here
  std::string_view text_;
  std::size_t line_ = 1;
  std::string key_;
  std::vector<JsonNode> open_;                                       // the objects and arrays around the next value
  std::vector<std::unordered_map<std::string, std::size_t>> names_;  // of each, those it has, with their lines
};

}  // namespace

const JsonNode* JsonNode::find(std::string_view name) const {
  const auto member =
      std::find_if(children.begin(), children.end(), [&](const JsonNode& node) { return node.key == name; });
  return member == children.end() ? nullptr : &*member;
}

std::string_view name_of(JsonNode::Kind kind) {
  switch (kind) {
    case JsonNode::Kind::null:
      return "null";
    case JsonNode::Kind::boolean:
      return "true or false";
    case JsonNode::Kind::number:
      return "a number";
    case JsonNode::Kind::other_number:
      return "a negative or broken number";
    case JsonNode::Kind::string:
      return "a string";
    case JsonNode::Kind::array:
      return "a list";
    case JsonNode::Kind::object:
      return "an object";
  }
  return "a value";
}

Error JsonSource::error(std::size_t line, const std::string& reason) const {
  const std::string place = file.empty() ? fmt::format("line {}", line) : fmt::format("{}:{}", file, line);
  return {ErrorKind::input, code, fmt::format("{}: {}", place, reason), {}, remedy};
}

Result<JsonNode> parse_json(std::string_view text, const JsonSource& source) {
  if (text.size() > kMaxSize) return source.error(1, fmt::format("larger than {} bytes", kMaxSize));
  // To the library a NUL is the end, whatever follows.
  if (const std::size_t nul = text.find('\0'); nul != text.npos) {
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.begin() + nul, '\n'));
    return source.error(lines + 1, "not JSON: a NUL byte");
  }
  const char* furthest = text.data();
  TreeBuilder builder(text, source, furthest);
  const char* end = text.data() + text.size();
  const bool whole =
      nlohmann::json::sax_parse(CountingIterator(text.data(), &furthest), CountingIterator(end, &furthest), &builder,
                                nlohmann::json::input_format_t::json, true, source.comments);
  if (builder.failure) return *std::move(builder.failure);
  if (!whole) return source.error(1, "not JSON");
  return std::move(builder.root);
}

}  // namespace atcert
