// SPDX-License-Identifier: Apache-2.0
#include "base/json_object.hpp"

#include <fmt/core.h>

namespace atcert {

Result<JsonObject> JsonObject::of(const JsonNode& node, JsonSource source, std::string_view called) {
  if (node.kind != JsonNode::Kind::object) {
    return source.error(node.line, fmt::format("{} is an object, not {}", called, name_of(node.kind)));
  }
  return JsonObject(node, std::move(source));
}

Result<const JsonNode*> JsonObject::required(std::string_view key) const {
  if (const JsonNode* member = find(key)) return member;
  return error(*node_, fmt::format("\"{}\" is missing", key));
}

Result<std::string> JsonObject::text(std::string_view key) const {
  ATCERT_TRY(const JsonNode*, member, required(key));
  ATCERT_TRY(std::string, value, text_or(key, {}));
  if (value.empty()) return error(*member, fmt::format("\"{}\" is empty", key));
  return value;
}

Result<std::string> JsonObject::text_or(std::string_view key, std::string fallback) const {
  const JsonNode* member = find(key);
  if (member == nullptr) return fallback;
  if (member->kind != JsonNode::Kind::string) {
    return error(*member, fmt::format("\"{}\" must be a string, not {}", key, name_of(member->kind)));
  }
  return member->text;
}

Result<std::optional<std::string>> JsonObject::text_or_null(std::string_view key) const {
  ATCERT_TRY(const JsonNode*, member, required(key));
  if (member->kind == JsonNode::Kind::null) return std::optional<std::string>();
  ATCERT_TRY(std::string, value, text_or(key, {}));
  return std::optional(std::move(value));
}

Result<bool> JsonObject::flag(std::string_view key) const {
  const JsonNode* member = find(key);
  if (member == nullptr) return false;
  if (member->kind != JsonNode::Kind::boolean) {
    return error(*member, fmt::format("\"{}\" must be true or false, not {}", key, name_of(member->kind)));
  }
  return member->boolean;
}

Result<std::optional<std::uint64_t>> JsonObject::number(std::string_view key) const {
  const JsonNode* member = find(key);
  if (member == nullptr) return std::optional<std::uint64_t>();
  if (member->kind != JsonNode::Kind::number) {
    return error(*member, fmt::format("\"{}\" must be a whole number from 0, not {}", key, name_of(member->kind)));
  }
  return std::optional(member->number);
}

Result<std::uint64_t> JsonObject::required_number(std::string_view key) const {
  ATCERT_CHECK(required(key));
  ATCERT_TRY(const std::optional<std::uint64_t>, value, number(key));
  return *value;
}

Result<std::span<const JsonNode>> JsonObject::list(std::string_view key) const {
  const JsonNode* member = find(key);
  if (member == nullptr) return std::span<const JsonNode>();
  if (member->kind != JsonNode::Kind::array) {
    return error(*member, fmt::format("\"{}\" must be a list, not {}", key, name_of(member->kind)));
  }
  return std::span<const JsonNode>(member->children);
}

}  // namespace atcert
