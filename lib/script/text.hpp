// SPDX-License-Identifier: Apache-2.0
// Text with variables in it: "AT+CWJAP=${wifi_ssid|quoted},${wifi_password|quoted}".
//   ${name}         the value as it is
//   ${name|quoted}  an AT string parameter: in quotes, escaped
//   ${name|length}  the number of its bytes
//   $$              a dollar sign
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "at/command.hpp"
#include "base/result.hpp"
#include "script/node.hpp"
#include "script/scope.hpp"

namespace atcert::script {

struct TextPart {
  enum class Kind { literal, value, quoted, length };

  Kind kind = Kind::literal;
  std::string text;  // the literal, or the name
};

struct Text {
  std::vector<TextPart> parts;
  std::string source;  // as the template has it
  std::size_t line = 0;
};

Result<Text> parse_text(const Node& node, const std::string& file);

// The first name in `text` that has no value in `scope`.
std::optional<std::string_view> missing_name(const Text& text, const Scope& scope);

// The rendered text; every name must have a value. Secrets are "***" in render() and in what CommandLine shows.
std::string render(const Text& text, const Scope& scope);
at::CommandLine render_command(const Text& text, const Scope& scope);
Secret render_data(const Text& text, const Scope& scope);

// The text for a person before the run: what is not known yet stands as <name>.
std::string preview(const Text& text, const Scope& scope);

// True for what may be the name of a variable or capture.
bool is_name(std::string_view text);

}  // namespace atcert::script
