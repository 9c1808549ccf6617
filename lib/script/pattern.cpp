// SPDX-License-Identifier: Apache-2.0
#include "script/pattern.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "script/module_time.hpp"
#include "script/text.hpp"

namespace atcert::script {
namespace {

constexpr std::pair<std::string_view, Hole> kHoles[] = {
    {"number", Hole::number}, {"text", Hole::text}, {"list", Hole::list}, {"time", Hole::time}};

Result<PatternPart> parse_hole(std::string_view inside, const Node& node, const std::string& file) {
  const std::size_t colon = inside.find(':');
  const std::string_view name = colon == inside.npos ? std::string_view() : inside.substr(0, colon);
  const std::string_view kind = colon == inside.npos ? inside : inside.substr(colon + 1);
  const auto hole = std::find_if(std::begin(kHoles), std::end(kHoles), [&](auto known) { return known.first == kind; });
  if (hole == std::end(kHoles)) {
    return bad_script(file, node.line, fmt::format("no hole <{}>; there are: number, text, list, time", excerpt(kind)));
  }
  if (colon != inside.npos && !is_name(name))
    return bad_script(file, node.line, fmt::format("\"{}\" is no name", excerpt(name)));
  return PatternPart{PatternPart::Kind::hole, std::string(name), hole->second};
}

// Splits a literal of the text, in which variables are already found, at its holes.
Result<void> add_holes(std::vector<PatternPart>& parts, std::string_view literal, const Node& node,
                       const std::string& file) {
  while (!literal.empty()) {
    const std::size_t open = literal.find('<');
    const bool escaped = open != literal.npos && literal.substr(open).starts_with("<<");
    const std::string_view before = literal.substr(0, escaped ? open + 1 : open);
    if (!before.empty()) parts.push_back({PatternPart::Kind::literal, std::string(before), Hole::text});
    if (open == literal.npos) return {};
    literal.remove_prefix(escaped ? open + 2 : open + 1);
    if (escaped) continue;
    const std::size_t close = literal.find('>');
    if (close == literal.npos) return bad_script(file, node.line, "\"<\" without its \">\"");
    ATCERT_TRY(PatternPart, hole, parse_hole(literal.substr(0, close), node, file));
    if (!parts.empty() && parts.back().kind == PatternPart::Kind::hole) {
      return bad_script(file, node.line, "two holes with nothing between them");
    }
    parts.push_back(std::move(hole));
    literal.remove_prefix(close + 1);
  }
  return {};
}

std::size_t number_size(std::string_view text) {
  constexpr std::size_t kMostDigits = 20;
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  std::size_t size = sign;
  while (size < text.size() && size < kMostDigits && text[size] >= '0' && text[size] <= '9') ++size;
  return size == sign ? 0 : size;
}

// A quoted string without anything that would need an escape.
std::size_t quoted_size(std::string_view text) {
  if (!text.starts_with('"')) return 0;
  const std::size_t end = text.find_first_of("\"\\,", 1);
  return end != text.npos && text[end] == '"' ? end + 1 : 0;
}

std::size_t list_size(std::string_view text) {
  std::size_t size = 0;
  for (;;) {
    const std::string_view rest = text.substr(size);
    const std::size_t item = std::max(number_size(rest), quoted_size(rest));
    if (item == 0) return 0;
    size += item;
    if (size == text.size() || text[size] != ',') return size;
    ++size;
  }
}

// How much of `text` the hole takes, where `next` is the literal behind the hole (empty: the hole is the last part).
std::optional<std::size_t> hole_size(Hole hole, std::string_view text, std::string_view next) {
  std::size_t size = 0;
  switch (hole) {
    case Hole::number:
      size = number_size(text);
      return size == 0 ? std::nullopt : std::optional(size);
    case Hole::list:
      size = list_size(text);
      return size == 0 ? std::nullopt : std::optional(size);
    case Hole::text:
    case Hole::time:
      size = next.empty() ? text.size() : text.find(next);
      if (size == text.npos) return std::nullopt;
      if (hole == Hole::time && !parse_module_time(text.substr(0, size))) return std::nullopt;
      return size;
  }
  return std::nullopt;
}

// Nothing when a name has no value: such a pattern matches no line.
std::optional<std::string_view> fixed_text(const PatternPart& part, const Scope& scope) {
  if (part.kind == PatternPart::Kind::literal) return part.text;
  const std::string* value = scope.text(part.text);
  return value == nullptr ? std::nullopt : std::optional<std::string_view>(*value);
}

// What the holes take from a text that matches.
std::optional<Captures> captures_of(const Pattern& pattern, std::string_view line, const Scope& scope) {
  Captures found;
  for (auto part = pattern.parts.begin(); part != pattern.parts.end(); ++part) {
    if (part->kind != PatternPart::Kind::hole) {
      const auto fixed = fixed_text(*part, scope);
      if (!fixed || !line.starts_with(*fixed)) return std::nullopt;
      line.remove_prefix(fixed->size());
      continue;
    }
    const auto behind = std::next(part);
    const std::string_view next = behind == pattern.parts.end() ? std::string_view() : std::string_view(behind->text);
    const auto size = hole_size(part->hole, line, next);
    if (!size) return std::nullopt;
    if (!part->text.empty()) found[part->text] = std::string(line.substr(0, *size));
    line.remove_prefix(*size);
  }
  return line.empty() ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace

Result<Pattern> parse_pattern(const Node& node, const std::string& file) {
  ATCERT_TRY(const Text, text, parse_text(node, file));
  if (node.text.empty()) return bad_script(file, node.line, fmt::format("\"{}\" is empty", node.key));
  Pattern pattern{{}, node.text, node.line};
  for (const TextPart& part : text.parts) {
    if (part.kind == TextPart::Kind::literal) {
      ATCERT_CHECK(add_holes(pattern.parts, part.text, node, file));
    } else if (part.kind != TextPart::Kind::value) {
      return bad_script(file, node.line, "a line to expect takes ${name} without a filter");
    } else if (!pattern.parts.empty() && pattern.parts.back().kind == PatternPart::Kind::hole) {
      return bad_script(file, node.line, "a hole with a variable right behind it");
    } else {
      pattern.parts.push_back({PatternPart::Kind::value, part.text, Hole::text});
    }
  }
  return pattern;
}

std::optional<std::string_view> missing_name(const Pattern& pattern, const Scope& scope) {
  for (const PatternPart& part : pattern.parts) {
    if (part.kind == PatternPart::Kind::value && !scope.text(part.text)) return part.text;
  }
  return std::nullopt;
}

bool match(const Pattern& pattern, const OutsideText& line, const Scope& scope, Captures& captured) {
  auto found = captures_of(pattern, line.raw(), scope);
  if (!found) return false;
  if (!line.shown_whole()) found = captures_of(pattern, line.shown(), scope);
  if (!found) return true;
  for (auto& [name, value] : *found) captured[name] = std::move(value);
  return true;
}

}  // namespace atcert::script
