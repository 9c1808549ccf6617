// SPDX-License-Identifier: Apache-2.0
#include "script/variables.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/plural.hpp"
#include "script/fields.hpp"

namespace atcert::script {
namespace {

std::string known_names(const Script& script) {
  std::vector<std::string_view> names;
  for (const Variable& variable : script.variables) names.push_back(variable.name);
  return listed(names);
}

// How the caller gives the variable; a script may name a flag that the caller has for it.
std::string way_to_give(const Variable& variable) {
  if (!variable.flag.empty()) return variable.flag;
  return variable.secret ? fmt::format("--set-file {}=FILE", variable.name)
                         : fmt::format("--set {}=VALUE", variable.name);
}

Error bad_value(const Variable& variable, std::string_view reason, std::string remedy) {
  return {ErrorKind::usage,
          "bad_variable",
          fmt::format("variable \"{}\" {}", variable.name, reason),
          {},
          std::move(remedy)};
}

// `set` lists characters and ranges of them ("a-z0-9._-"); a minus sign at either end is itself.
bool in_set(char c, std::string_view set) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      if (set[i] <= c && c <= set[i + 2]) return true;
      i += 2;
    } else if (set[i] == c) {
      return true;
    }
  }
  return false;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
}

Error bad_character(const Variable& variable, std::string_view text, char c) {
  const std::string remedy = in_set(c, variable.forbidden)
                                 ? fmt::format("leave out all of these: {}", variable.forbidden)
                                 : fmt::format("use only these: {}", variable.allowed);
  if (variable.secret) return bad_value(variable, "has a character that it cannot have", remedy);
  return bad_value(variable, fmt::format("is \"{}\", and '{}' cannot be in it", excerpt(text), c),
                   fmt::format("{}; it is {}", remedy, variable.description));
}

Result<void> check_text(const Variable& variable, std::string_view text) {
  if (text.size() < variable.min || text.size() > variable.max) {
    return bad_value(variable,
                     fmt::format("has {}; it takes {} to {}", counted(text.size(), "byte"), variable.min, variable.max),
                     fmt::format("give {} to {} bytes: {}", variable.min, variable.max, variable.description));
  }
  // A line end would end the command, and a NUL empties the module's line buffer.
  if (text.find('\n') != text.npos) {
    return bad_value(variable, "has more than one line", fmt::format("give one line: {}", variable.description));
  }
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return bad_value(variable, "has a control character", "give text without control characters");
  }
  for (const char c : text) {
    const bool missing = !variable.allowed.empty() && !in_set(c, variable.allowed);
    if (missing || in_set(c, variable.forbidden)) return bad_character(variable, text, c);
  }
  return {};
}

Result<void> check_word(const Variable& variable, const std::string& text) {
  const auto& words = variable.words;
  if (words.empty() || std::find(words.begin(), words.end(), text) != words.end()) return {};
  const std::vector<std::string_view> names(words.begin(), words.end());
  return bad_value(variable, fmt::format("is \"{}\"", excerpt(text)),
                   fmt::format("give one of these: {}; it is {}", listed(names), variable.description));
}

Result<std::string> check_number(const Variable& variable, const std::string& text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, value);
  const std::string remedy = fmt::format("give a whole number from {} to {}", variable.min, variable.max);
  if (error != std::errc() || after != end) {
    return bad_value(variable, fmt::format("is \"{}\", which is no number", excerpt(text)), remedy);
  }
  if (value < variable.min || value > variable.max) {
    return bad_value(variable, fmt::format("is {}; it takes {} to {}", value, variable.min, variable.max), remedy);
  }
  return std::to_string(value);
}

Result<Value> check_value(const Variable& variable, Value value) {
  if (const Secret* secret = std::get_if<Secret>(&value)) {
    if (!variable.secret) {
      return bad_value(variable, "is not secret in this script and was given as a secret",
                       fmt::format("give {}", way_to_give(variable)));
    }
    ATCERT_CHECK(check_text(variable, secret->reveal_text()));
    return value;
  }
  const std::string& text = std::get<std::string>(value);
  if (variable.secret) {
    return bad_value(variable, "is secret and was given as text", fmt::format("give {}", way_to_give(variable)));
  }
  if (variable.kind == Variable::Kind::number) {
    ATCERT_TRY(std::string, number, check_number(variable, text));
    return Value(std::move(number));
  }
  ATCERT_CHECK(check_text(variable, text));
  ATCERT_CHECK(check_word(variable, text));
  return value;
}

Result<void> check_held(const Variable& variable, const Value& value, const Values& before) {
  if (!variable.must_hold) return {};
  const Captures nothing;
  const std::string held = render(*variable.must_hold, Scope{before, nothing});
  const Secret* secret = std::get_if<Secret>(&value);
  const std::string_view text =
      secret != nullptr ? secret->reveal_text() : std::string_view(std::get<std::string>(value));
  if (text.find(held) != text.npos) return {};
  return bad_value(variable, fmt::format("does not hold {}, here \"{}\"", variable.must_hold->source, excerpt(held)),
                   fmt::format("leave it out; it is {}", variable.description));
}

Result<Value> fallback_value(const Variable& variable, const Values& before) {
  const Captures nothing;
  std::string text = render(*variable.fallback, Scope{before, nothing});
  if (variable.secret) return Value(Secret(text));
  return Value(std::move(text));
}

Result<Value> value_for(const Script& script, const Variable& variable, Given& given, const Values& before) {
  for (Values* source : {&given.named, &given.offered}) {
    const auto found = source->find(variable.name);
    if (found != source->end()) return check_value(variable, std::move(found->second));
  }
  if (variable.required) {
    return Error{ErrorKind::usage,
                 "missing_variable",
                 fmt::format("\"{}\" needs a value for \"{}\": {}", script.title, variable.name, variable.description),
                 {},
                 fmt::format("give {}", way_to_give(variable))};
  }
  ATCERT_TRY(Value, value, fallback_value(variable, before));
  return check_value(variable, std::move(value));
}

Result<void> refuse_unknown(const Script& script, const Values& named) {
  std::vector<std::string_view> names;
  for (const Variable& variable : script.variables) names.push_back(variable.name);
  for (const auto& [name, value] : named) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto meant = nearest(name, names);
    return Error{ErrorKind::usage,
                 "unknown_variable",
                 fmt::format("\"{}\" has no variable \"{}\"{}", script.title, name,
                             meant ? fmt::format("; did you mean \"{}\"?", *meant) : ""),
                 {},
                 fmt::format("the variables are: {}", known_names(script))};
  }
  return {};
}

}  // namespace

Result<Values> resolve(const Script& script, Given given) {
  ATCERT_CHECK(refuse_unknown(script, given.named));
  Values values;
  for (const Variable& variable : script.variables) {
    ATCERT_TRY(Value, value, value_for(script, variable, given, values));
    ATCERT_CHECK(check_held(variable, value, values));
    values.emplace(variable.name, std::move(value));
  }
  return values;
}

}  // namespace atcert::script
