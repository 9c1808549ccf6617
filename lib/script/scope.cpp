// SPDX-License-Identifier: Apache-2.0
#include "script/scope.hpp"

namespace atcert::script {

const std::string* Scope::text(std::string_view name) const {
  if (const auto value = values.find(name); value != values.end()) return std::get_if<std::string>(&value->second);
  const auto captured = captures.find(name);
  return captured == captures.end() ? nullptr : &captured->second;
}

const Secret* Scope::secret(std::string_view name) const {
  const auto value = values.find(name);
  return value == values.end() ? nullptr : std::get_if<Secret>(&value->second);
}

std::optional<std::size_t> Scope::size(std::string_view name) const {
  if (const std::string* value = text(name)) return value->size();
  if (const Secret* value = secret(name)) return value->size();
  return std::nullopt;
}

}  // namespace atcert::script
