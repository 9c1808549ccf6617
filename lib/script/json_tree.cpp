// SPDX-License-Identifier: Apache-2.0
#include "script/json_tree.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/json.hpp"

namespace atcert::script {
namespace {

constexpr std::size_t kMaxDepth = 24;

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
  TreeBuilder(std::string_view text, const std::string& file, const char* const& furthest)
      : file_(file), furthest_(furthest), counted_(text.data()), begin_(text.data()), size_(text.size()) {}

  bool null() override { return add({}); }
  bool boolean(bool value) override {
    return add({.kind = Node::Kind::boolean, .key = {}, .text = {}, .boolean = value, .children = {}});
  }
  bool number_integer(number_integer_t) override { return add_plain(Node::Kind::other_number); }
  bool number_float(number_float_t, const string_t&) override { return add_plain(Node::Kind::other_number); }
  bool number_unsigned(number_unsigned_t value) override {
    return add({.kind = Node::Kind::number, .key = {}, .text = {}, .number = value, .children = {}});
  }
  bool string(string_t& value) override {
    return add({.kind = Node::Kind::string, .key = {}, .text = std::move(value), .children = {}});
  }
  bool binary(binary_t&) override { return fail(line(), "binary values are not JSON"); }

  bool start_object(std::size_t) override { return open(Node::Kind::object); }
  bool start_array(std::size_t) override { return open(Node::Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const std::vector<Node>& siblings = open_.back().children;
    const auto same =
        std::find_if(siblings.begin(), siblings.end(), [&](const Node& node) { return node.key == name; });
    if (same != siblings.end()) {
      return fail(line(), fmt::format("\"{}\" is given twice, first in line {}", name, same->line));
    }
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    const std::string_view said = error.what();
    const std::size_t colon = said.find(": ");  // "[json.exception...] parse error at line 1, column 2: reason"
    const std::size_t lines = 1 + static_cast<std::size_t>(std::count(
                                      begin_, begin_ + std::min(position > 0 ? position - 1 : 0, size_), '\n'));
    return fail(lines, fmt::format("not JSON: {}", colon == said.npos ? said : said.substr(colon + 2)));
  }

  Node root;
  std::optional<Error> failure;

 private:
  // The line of the last character read, which is the last one of a token, or the one behind it for a number.
  std::size_t line() {
    line_ += static_cast<std::size_t>(std::count(counted_, furthest_, '\n'));
    counted_ = furthest_;
    return line_;
  }

  bool add_plain(Node::Kind kind) {
    Node node;
    node.kind = kind;
    return add(std::move(node));
  }

  bool add(Node node) {
    node.line = line();
    node.key = std::exchange(key_, {});
    (open_.empty() ? root : open_.back().children.emplace_back()) = std::move(node);
    return true;
  }

  bool open(Node::Kind kind) {
    if (open_.size() == kMaxDepth) return fail(line(), fmt::format("nested more than {} deep", kMaxDepth));
    Node node;
    node.kind = kind;
    node.line = line();
    node.key = std::exchange(key_, {});
    open_.push_back(std::move(node));
    return true;
  }

  bool close() {
    Node node = std::move(open_.back());
    open_.pop_back();
    (open_.empty() ? root : open_.back().children.emplace_back()) = std::move(node);
    return true;
  }

  bool fail(std::size_t at_line, std::string reason) {
    failure = bad_script(file_, at_line, std::move(reason));
    return false;
  }

  const std::string& file_;
  const char* const& furthest_;
  const char* counted_;  // line_ is right up to here
  const char* begin_;
  std::size_t size_;
  std::size_t line_ = 1;
  std::string key_;
  std::vector<Node> open_;  // the objects and arrays around the next value
};

}  // namespace

const Node* Node::find(std::string_view name) const {
  const auto member =
      std::find_if(children.begin(), children.end(), [&](const Node& node) { return node.key == name; });
  return member == children.end() ? nullptr : &*member;
}

Result<Node> parse_json(std::string_view text, const std::string& file) {
  const char* furthest = text.data();
  TreeBuilder builder(text, file, furthest);
  const char* end = text.data() + text.size();
  const bool whole =
      nlohmann::json::sax_parse(CountingIterator(text.data(), &furthest), CountingIterator(end, &furthest), &builder,
                                nlohmann::json::input_format_t::json, true, true);
  if (builder.failure) return *std::move(builder.failure);
  if (!whole) return bad_script(file, 1, "not JSON");
  return std::move(builder.root);
}

Error bad_script(const std::string& file, std::size_t line, std::string reason) {
  return {ErrorKind::input,
          "bad_script",
          fmt::format("{}:{}: {}", file, line, reason),
          {},
          "correct the connection script; its form is described in script.schema.json"};
}

}  // namespace atcert::script
