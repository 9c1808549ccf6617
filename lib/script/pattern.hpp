// SPDX-License-Identifier: Apache-2.0
// What a line of the module must look like: literal text, ${variables}, and typed holes that match what the module
// fills in. A pattern matches the whole line, in one pass and without going back, whatever the line holds.
//   <number>  digits, with a minus sign or without      <list>  numbers and plain quoted strings with commas between
//   <text>    anything up to what follows the hole      <time>  the module's clock (module_time.hpp)
// <name:kind> captures what the hole matched. "<<" is the character itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/outside.hpp"
#include "base/result.hpp"
#include "script/node.hpp"
#include "script/scope.hpp"

namespace atcert::script {

enum class Hole { number, text, list, time };

struct PatternPart {
  enum class Kind { literal, value, hole };

  Kind kind = Kind::literal;
  std::string text;  // the literal, the name of the variable, or the name of the capture (may be empty)
  Hole hole = Hole::text;
};

struct Pattern {
  std::vector<PatternPart> parts;
  std::string source;
  std::size_t line = 0;
};

Result<Pattern> parse_pattern(const Node& node, const std::string& file);

// The first name in `pattern` that has no value in `scope`.
std::optional<std::string_view> missing_name(const Pattern& pattern, const Scope& scope);

// True when the whole of `line` matches; what holes captured is added to `captured`. Captures go on into commands,
// messages and reports, so they are taken from what may be shown of the line; where that does not match, there are
// none.
bool match(const Pattern& pattern, const OutsideText& line, const Scope& scope, Captures& captured);

}  // namespace atcert::script
