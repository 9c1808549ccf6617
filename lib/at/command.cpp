// SPDX-License-Identifier: Apache-2.0
#include "at/command.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"

namespace atcert::at {
namespace {

bool needs_escape(char c) {
  return c == '\\' || c == '"' || c == ',';
}

bool ends_line(char c) {
  return c == '\r' || c == '\n' || c == '\0';
}

}  // namespace

CommandLine::CommandLine(std::string_view text) : wire_(text), shown_(text) {}

CommandLine& CommandLine::text(std::string_view literal) {
  wire_.append(literal);
  shown_ += literal;
  return *this;
}

CommandLine& CommandLine::number(std::uint64_t value) {
  return text(std::to_string(value));
}

CommandLine& CommandLine::quoted(std::string_view value) {
  return text("\"").text(escape(value)).text("\"");
}

CommandLine& CommandLine::quoted(const Secret& value) {
  wire_.append("\"");
  wire_.append(escape(value).reveal());
  wire_.append("\"");
  shown_ += "\"***\"";
  secrets_.push_back(value.clone());
  return *this;
}

CommandLine CommandLine::clone() const {
  CommandLine copy;
  copy.wire_ = wire_.clone();
  copy.shown_ = shown_;
  for (const Secret& secret : secrets_) copy.secrets_.push_back(secret.clone());
  return copy;
}

Result<void> CommandLine::check() const {
  const std::string_view wire = wire_.reveal_text();
  if (std::any_of(wire.begin(), wire.end(), ends_line)) {
    return Error{
        ErrorKind::input, "command_line_end", fmt::format("a value in {} holds a line end or a NUL", printable(shown_)),
        "an AT command is one line, and the firmware has no escape for a line end", "remove it from the value"};
  }
  if (size() > kMaxCommandSize) {
    return Error{ErrorKind::input, "command_too_long",
                 fmt::format("{} would be {} bytes long, the firmware takes {}", shown_, size(), kMaxCommandSize), "",
                 "shorten its values"};
  }
  return {};
}

std::string escape(std::string_view value) {
  std::string result;
  for (const char c : value) {
    if (needs_escape(c)) result += '\\';
    result += c;
  }
  return result;
}

Secret escape(const Secret& value) {
  const std::string_view text = value.reveal_text();
  Secret result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (needs_escape(text[i])) result.append("\\");
    result.append(text.substr(i, 1));
  }
  return result;
}

}  // namespace atcert::at
