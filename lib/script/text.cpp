// SPDX-License-Identifier: Apache-2.0
#include "script/text.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/excerpt.hpp"

namespace atcert::script {
namespace {

constexpr std::string_view kHidden = "***";

Result<TextPart> parse_reference(std::string_view reference, const Node& node, const std::string& file) {
  const std::size_t bar = reference.find('|');
  TextPart part{TextPart::Kind::value, std::string(reference.substr(0, bar))};
  if (!is_name(part.text)) return bad_script(file, node.line, fmt::format("\"{}\" is no name", excerpt(part.text)));
  if (bar == std::string_view::npos) return part;
  const std::string_view filter = reference.substr(bar + 1);
  if (filter != "quoted" && filter != "length") {
    return bad_script(file, node.line, fmt::format("no filter \"{}\"; there are: quoted, length", excerpt(filter)));
  }
  part.kind = filter == "quoted" ? TextPart::Kind::quoted : TextPart::Kind::length;
  return part;
}

void add_literal(std::vector<TextPart>& parts, std::string_view literal) {
  if (literal.empty()) return;
  if (parts.empty() || parts.back().kind != TextPart::Kind::literal) parts.push_back({});
  parts.back().text += literal;
}

// What stands for a part that is no secret.
std::string plain(const TextPart& part, const Scope& scope) {
  if (part.kind == TextPart::Kind::literal) return part.text;
  if (part.kind == TextPart::Kind::length) return std::to_string(scope.size(part.text).value_or(0));
  const std::string* value = scope.text(part.text);
  std::string text(value == nullptr ? kHidden : *value);
  return part.kind == TextPart::Kind::quoted ? fmt::format("\"{}\"", value == nullptr ? text : at::escape(text)) : text;
}

}  // namespace

bool is_name(std::string_view text) {
  constexpr std::size_t kLongestName = 40;
  return !text.empty() && text.size() <= kLongestName && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

Result<Text> parse_text(const Node& node, const std::string& file) {
  if (node.kind != Node::Kind::string) {
    return bad_script(file, node.line, fmt::format("\"{}\" must be a string", node.key));
  }
  Text text{{}, node.text, node.line};
  std::string_view rest = node.text;
  while (!rest.empty()) {
    const std::size_t dollar = rest.find('$');
    add_literal(text.parts, rest.substr(0, dollar));
    if (dollar == std::string_view::npos) break;
    rest.remove_prefix(dollar);
    if (!rest.starts_with("${")) {
      add_literal(text.parts, "$");
      rest.remove_prefix(rest.starts_with("$$") ? 2 : 1);
      continue;
    }
    const std::size_t close = rest.find('}');
    if (close == std::string_view::npos) return bad_script(file, node.line, "\"${\" without its \"}\"");
    ATCERT_TRY(TextPart, part, parse_reference(rest.substr(2, close - 2), node, file));
    text.parts.push_back(std::move(part));
    rest.remove_prefix(close + 1);
  }
  return text;
}

std::optional<std::string_view> missing_name(const Text& text, const Scope& scope) {
  for (const TextPart& part : text.parts) {
    if (part.kind != TextPart::Kind::literal && !scope.size(part.text)) return part.text;
  }
  return std::nullopt;
}

std::string render(const Text& text, const Scope& scope) {
  std::string rendered;
  for (const TextPart& part : text.parts) rendered += plain(part, scope);
  return rendered;
}

at::CommandLine render_command(const Text& text, const Scope& scope) {
  at::CommandLine line{std::string_view()};
  for (const TextPart& part : text.parts) {
    const Secret* secret = part.kind == TextPart::Kind::quoted ? scope.secret(part.text) : nullptr;
    if (secret != nullptr) {
      line.quoted(*secret);
    } else {
      line.text(plain(part, scope));
    }
  }
  return line;
}

Secret render_data(const Text& text, const Scope& scope) {
  Secret data;
  for (const TextPart& part : text.parts) {
    const Secret* secret = part.kind == TextPart::Kind::value ? scope.secret(part.text) : nullptr;
    if (secret != nullptr) {
      data.append(secret->reveal());
    } else {
      data.append(plain(part, scope));
    }
  }
  return data;
}

std::string preview(const Text& text, const Scope& scope) {
  std::string shown;
  for (const TextPart& part : text.parts) {
    const bool known = part.kind == TextPart::Kind::literal || scope.size(part.text);
    shown += known ? plain(part, scope) : fmt::format("<{}>", part.text);
  }
  return shown;
}

}  // namespace atcert::script
