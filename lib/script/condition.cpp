// SPDX-License-Identifier: Apache-2.0
#include "script/condition.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "script/fields.hpp"

namespace atcert::script {
namespace {

using Kind = Condition::Kind;

constexpr std::pair<std::string_view, Kind> kKinds[] = {{"release_from", Kind::release_from},
                                                        {"release_before", Kind::release_before},
                                                        {"generation", Kind::generation},
                                                        {"command", Kind::command},
                                                        {"set", Kind::set},
                                                        {"longer", Kind::longer},
                                                        {"equals", Kind::equals},
                                                        {"after", Kind::after},
                                                        {"failed", Kind::failed},
                                                        {"all", Kind::all},
                                                        {"any", Kind::any},
                                                        {"not", Kind::negated}};

Result<void> read_longer(Condition& condition, const Node& node, const std::string& file) {
  ATCERT_TRY(const Fields, fields, Fields::of(node, file, "longer"));
  ATCERT_TRY(std::string, name, fields.text("name"));
  ATCERT_CHECK(fields.required("than"));
  ATCERT_TRY(const std::optional<std::uint64_t>, than, fields.number("than"));
  condition.name = std::move(name);
  condition.than = than.value_or(0);
  return {};
}

Result<void> read_equals(Condition& condition, const Node& node, const std::string& file) {
  ATCERT_TRY(const Fields, fields, Fields::of(node, file, "equals"));
  ATCERT_TRY(std::string, name, fields.text("name"));
  ATCERT_TRY(const Node*, value, fields.required("value"));
  if (value->kind != Node::Kind::number && value->kind != Node::Kind::string) {
    return fields.error(*value, "\"value\" must be a string or a whole number");
  }
  condition.name = std::move(name);
  condition.value = value->kind == Node::Kind::number ? std::to_string(value->number) : value->text;
  return {};
}

Result<void> read_children(Condition& condition, const Node& node, const std::string& file) {
  if (node.kind != Node::Kind::array || node.children.empty()) {
    return bad_script(file, node.line, fmt::format("\"{}\" must be a list of conditions", node.key));
  }
  for (const Node& item : node.children) {
    ATCERT_TRY(Condition, child, parse_condition(item, file));
    condition.children.push_back(std::move(child));
  }
  return {};
}

Result<void> read_text(Condition& condition, const Node& node, const std::string& file) {
  if (node.kind != Node::Kind::string || node.text.empty()) {
    return bad_script(file, node.line, fmt::format("\"{}\" must be a string that is not empty", node.key));
  }
  condition.name = node.text;
  if (condition.kind == Kind::generation && node.text != "pki" && node.text != "nvs") {
    return bad_script(file, node.line,
                      fmt::format("no storage generation \"{}\"; there are: pki, nvs", excerpt(node.text)));
  }
  if (condition.kind != Kind::release_from && condition.kind != Kind::release_before) return {};
  const auto release = parse_release(node.text);
  if (!release)
    return bad_script(file, node.line, fmt::format("\"{}\" is no release such as 2.4.0.0", excerpt(node.text)));
  condition.release = *release;
  return {};
}

Result<Condition> parse_member(const Node& member, const std::string& file) {
  Condition condition;
  condition.line = member.line;
  condition.kind = std::find_if(std::begin(kKinds), std::end(kKinds), [&](auto known) {
                     return known.first == member.key;
                   })->second;  // Fields::of has refused every other key
  switch (condition.kind) {
    case Kind::longer:
      ATCERT_CHECK(read_longer(condition, member, file));
      return condition;
    case Kind::equals:
      ATCERT_CHECK(read_equals(condition, member, file));
      return condition;
    case Kind::all:
    case Kind::any:
      ATCERT_CHECK(read_children(condition, member, file));
      return condition;
    case Kind::negated: {
      ATCERT_TRY(Condition, child, parse_condition(member, file));
      condition.children.push_back(std::move(child));
      return condition;
    }
    default:
      ATCERT_CHECK(read_text(condition, member, file));
      return condition;
  }
}

Truth truth(bool value) {
  return value ? Truth::yes : Truth::no;
}

// All must hold, or (with `stop` yes) any: the first child that decides, else "later" if one was not known.
Truth combine(const std::vector<Condition>& children, Truth stop, const Circumstances& now) {
  Truth result = stop == Truth::no ? Truth::yes : Truth::no;
  for (const Condition& child : children) {
    const Truth value = evaluate(child, now);
    if (value == stop) return stop;
    if (value == Truth::later) result = Truth::later;
  }
  return result;
}

Truth negate(Truth value) {
  return value == Truth::later ? Truth::later : truth(value == Truth::no);
}

// About one name: "later" as long as it may still be captured.
Truth about_name(const Condition& condition, const Circumstances& now) {
  const auto size = now.scope.size(condition.name);
  if (!size) return now.running ? Truth::no : Truth::later;
  if (condition.kind == Kind::set) return truth(*size > 0);
  if (condition.kind == Kind::longer) return truth(*size > condition.than);
  const std::string* value = now.scope.text(condition.name);
  return truth(value != nullptr && *value == condition.value);
}

}  // namespace

Result<Release> parse_release(std::string_view text) {
  Release release{};
  for (std::size_t place = 0; place < release.size(); ++place) {
    const char* end = text.data() + text.size();
    const auto [after, error] = std::from_chars(text.data(), end, release[place]);
    if (error != std::errc()) break;
    if (after == end) return release;
    if (*after != '.') break;
    text.remove_prefix(static_cast<std::size_t>(after - text.data()) + 1);
  }
  return Error{ErrorKind::input, "bad_release", fmt::format("\"{}\" is no release", text), {}, "write it as 2.4.0.0"};
}

Result<Condition> parse_condition(const Node& node, const std::string& file) {
  ATCERT_TRY(const Fields, fields, Fields::of(node, file, "condition"));
  if (node.children.empty()) return fields.error(node, "a condition without content");
  Condition all;
  all.line = node.line;
  for (const Node& member : node.children) {
    ATCERT_TRY(Condition, condition, parse_member(member, file));
    all.children.push_back(std::move(condition));
  }
  return all;
}

Truth evaluate(const Condition& condition, const Circumstances& now) {
  switch (condition.kind) {
    case Kind::release_from:
      return truth(now.module.release >= condition.release);
    case Kind::release_before:
      return truth(now.module.release < condition.release);
    case Kind::generation:
      return truth(now.module.generation == condition.name);
    case Kind::command:
      return truth(now.module.has_command && now.module.has_command(condition.name));
    case Kind::set:
    case Kind::longer:
    case Kind::equals:
      return about_name(condition, now);
    case Kind::after:
      return now.running ? truth(now.was_sent && now.was_sent(condition.name)) : Truth::later;
    case Kind::failed:
      return now.running ? truth(now.has_failed && now.has_failed(condition.name)) : Truth::later;
    case Kind::all:
      return combine(condition.children, Truth::no, now);
    case Kind::any:
      return combine(condition.children, Truth::yes, now);
    case Kind::negated:
      return negate(evaluate(condition.children.front(), now));
  }
  return Truth::no;
}

}  // namespace atcert::script
