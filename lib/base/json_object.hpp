// SPDX-License-Identifier: Apache-2.0
// The members of one object of a JSON document, read by name and type.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/json_tree.hpp"
#include "base/result.hpp"

namespace atcert {

class JsonObject {
 public:
  // Refuses what is no object. `called` is what messages call it: "a step". The node must outlive the object.
  static Result<JsonObject> of(const JsonNode& node, JsonSource source, std::string_view called);

  const JsonNode* find(std::string_view key) const { return node_->find(key); }
  const JsonNode& node() const { return *node_; }
  const JsonSource& source() const { return source_; }

  Result<const JsonNode*> required(std::string_view key) const;
  Result<std::string> text(std::string_view key) const;  // required and not empty
  Result<std::string> text_or(std::string_view key, std::string fallback) const;
  Result<std::optional<std::string>> text_or_null(std::string_view key) const;  // required, may be null
  Result<bool> flag(std::string_view key) const;                                // false when absent
  Result<std::optional<std::uint64_t>> number(std::string_view key) const;
  Result<std::uint64_t> required_number(std::string_view key) const;
  Result<std::span<const JsonNode>> list(std::string_view key) const;  // empty when absent

  Error error(const JsonNode& at, const std::string& reason) const { return source_.error(at.line, reason); }

 protected:
  JsonObject(const JsonNode& node, JsonSource source) : node_(&node), source_(std::move(source)) {}

 private:
  const JsonNode* node_;
  JsonSource source_;
};

}  // namespace atcert
