// SPDX-License-Identifier: Apache-2.0
// What the names in a script stand for while it is prepared and run: the values of its variables, and what its steps
// have captured from the module's lines.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/secret.hpp"

namespace atcert::script {

using Value = std::variant<std::string, Secret>;
using Values = std::map<std::string, Value, std::less<>>;
using Captures = std::map<std::string, std::string, std::less<>>;

struct Scope {
  const Values& values;
  const Captures& captures;

  // Null when nothing of that name has a value (yet), or when it is of the other sort.
  const std::string* text(std::string_view name) const;
  const Secret* secret(std::string_view name) const;

  std::optional<std::size_t> size(std::string_view name) const;  // in bytes
};

}  // namespace atcert::script
