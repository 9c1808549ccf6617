// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <utility>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "script/fields.hpp"
#include "script/script.hpp"

namespace atcert::script {
namespace {

constexpr std::uint64_t kMaxRestarts = 10;
constexpr std::size_t kMaxScriptSize = std::size_t{128} * 1024;
constexpr std::uint64_t kMaxTextBytes = 1024;  // the longest name any AT command takes (AT+MQTTLONGCLIENTID)

Result<Variable::Kind> parse_kind(const Fields& fields) {
  ATCERT_TRY(const std::string, kind, fields.text_or("kind", "text"));
  if (kind == "text") return Variable::Kind::text;
  if (kind == "number") return Variable::Kind::number;
  return fields.error(*fields.find("kind"), fmt::format("no kind \"{}\"; there are: text, number", excerpt(kind)));
}

Result<void> parse_limits(Variable& variable, const Fields& fields) {
  const bool number = variable.kind == Variable::Kind::number;
  for (const std::string_view key : {"min_bytes", "max_bytes", "allowed", "forbidden", "one_of", "must_hold"}) {
    if (number && fields.find(key)) return fields.error(*fields.find(key), fmt::format("a number has no \"{}\"", key));
  }
  for (const std::string_view key : {"min", "max"}) {
    if (!number && fields.find(key)) return fields.error(*fields.find(key), fmt::format("a text has no \"{}\"", key));
  }
  ATCERT_TRY(const auto, min, fields.number(number ? "min" : "min_bytes"));
  ATCERT_TRY(const auto, max, fields.number(number ? "max" : "max_bytes"));
  ATCERT_TRY(std::string, allowed, fields.text_or("allowed", {}));
  ATCERT_TRY(std::string, forbidden, fields.text_or("forbidden", {}));
  variable.min = min.value_or(0);
  variable.max = max.value_or(number ? std::numeric_limits<std::uint32_t>::max() : kMaxTextBytes);
  variable.allowed = std::move(allowed);
  variable.forbidden = std::move(forbidden);
  ATCERT_TRY(const auto, words, fields.list("one_of"));
  for (const Node& word : words) {
    if (word.kind != Node::Kind::string) return fields.error(word, "\"one_of\" lists strings");
    variable.words.push_back(word.text);
  }
  if (variable.min > variable.max) return fields.error(fields.node(), "its least is more than its most");
  return {};
}

Result<std::optional<Text>> parse_must_hold(const Fields& fields) {
  const Node* node = fields.find("must_hold");
  if (node == nullptr) return std::optional<Text>();
  ATCERT_CHECK(fields.text("must_hold"));
  ATCERT_TRY(Text, text, parse_text(*node, fields.file()));
  return std::optional(std::move(text));
}

// A number may have its default as a JSON number.
Result<std::optional<Text>> parse_default(const Fields& fields) {
  const Node* node = fields.find("default");
  if (node == nullptr) return std::optional<Text>();
  Node written = *node;
  if (node->kind == Node::Kind::number) {
    written.kind = Node::Kind::string;
    written.text = std::to_string(node->number);
  }
  ATCERT_TRY(Text, text, parse_text(written, fields.file()));
  return std::optional(std::move(text));
}

Result<Variable> parse_variable(const Node& node, const std::string& file) {
  ATCERT_TRY(const Fields, fields, Fields::of(node, file, "variable"));
  ATCERT_TRY(std::string, name, fields.text("name"));
  ATCERT_TRY(std::string, description, fields.text("description"));
  ATCERT_TRY(const Variable::Kind, kind, parse_kind(fields));
  ATCERT_TRY(const bool, required, fields.flag("required"));
  ATCERT_TRY(const bool, secret, fields.flag("secret"));
  ATCERT_TRY(std::optional<Text>, fallback, parse_default(fields));
  ATCERT_TRY(std::optional<Text>, must_hold, parse_must_hold(fields));
  ATCERT_TRY(std::string, flag, fields.text_or("flag", {}));
  Variable variable;
  variable.name = std::move(name);
  variable.description = std::move(description);
  variable.kind = kind;
  variable.required = required;
  variable.secret = secret;
  variable.fallback = std::move(fallback);
  variable.must_hold = std::move(must_hold);
  variable.flag = std::move(flag);
  variable.line = node.line;
  if (!is_name(variable.name)) return fields.error(node, fmt::format("\"{}\" is no name", excerpt(variable.name)));
  if (required == variable.fallback.has_value()) {
    return fields.error(
        node, fmt::format("variable \"{}\" needs either a default or \"required\": true", excerpt(variable.name)));
  }
  if (secret && kind == Variable::Kind::number) return fields.error(node, "a number cannot be secret");
  ATCERT_CHECK(parse_limits(variable, fields));
  return variable;
}

Result<std::vector<Step>> parse_steps(const Fields& fields, std::string_view key) {
  ATCERT_TRY(const auto, nodes, fields.list(key));
  std::vector<Step> steps;
  for (const Node& node : nodes) {
    ATCERT_TRY(Step, step, parse_step(node, fields.file()));
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

Result<Script> parse(std::string_view text, const std::string& file) {
  if (text.size() > kMaxScriptSize) {
    return bad_script(file, 1, fmt::format("larger than {} bytes", kMaxScriptSize));
  }
  ATCERT_TRY(const Node, root, parse_json(text, script_source(file)));
  ATCERT_TRY(const Fields, fields, Fields::of(root, file, "script"));
  Script script;
  script.file = file;
  ATCERT_TRY(std::string, title, fields.text("title"));
  ATCERT_TRY(std::string, description, fields.text_or("description", {}));
  script.title = std::move(title);
  script.description = std::move(description);
  ATCERT_TRY(const auto, variables, fields.list("variables"));
  for (const Node& node : variables) {
    ATCERT_TRY(Variable, variable, parse_variable(node, file));
    script.variables.push_back(std::move(variable));
  }
  ATCERT_CHECK(fields.required("steps"));
  ATCERT_TRY(std::vector<Step>, steps, parse_steps(fields, "steps"));
  ATCERT_TRY(std::vector<Step>, cleanup, parse_steps(fields, "cleanup"));
  if (steps.empty()) return fields.error(root, "a script needs a step");
  ATCERT_TRY(const std::optional<std::uint64_t>, restarts, fields.count("restarts", 0, kMaxRestarts));
  script.restarts = restarts.value_or(0);
  script.steps = std::move(steps);
  script.cleanup = std::move(cleanup);
  ATCERT_CHECK(check_references(script));
  return script;
}

}  // namespace atcert::script
