// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/table.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace atcert::diagnosis {

JsonSource table_source(const std::string& file) {
  return {file, "bad_table", "see the schema beside it in causes/", true};
}

Result<std::vector<std::string>> read_texts(const JsonObject& object, std::string_view key) {
  ATCERT_TRY(const auto, list, object.list(key));
  std::vector<std::string> items;
  for (const JsonNode& node : list) {
    if (node.kind != JsonNode::Kind::string) return object.error(node, fmt::format("\"{}\" holds strings", key));
    items.push_back(node.text);
  }
  return items;
}

Result<std::vector<Condition>> read_conditions(const JsonObject& object, std::string_view key) {
  ATCERT_TRY(const auto, list, object.list(key));
  std::vector<Condition> parsed;
  for (const JsonNode& node : list) {
    auto condition = parse_condition(node.text);
    if (!condition) return object.error(node, condition.error().what);
    parsed.push_back(*std::move(condition));
  }
  return parsed;
}

bool is_about(std::span<const std::string> names, std::string_view command) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return name.ends_with('*') ? command.starts_with(name.substr(0, name.size() - 1)) : command == name;
  });
}

}  // namespace atcert::diagnosis
