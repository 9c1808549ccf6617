// SPDX-License-Identifier: Apache-2.0
// The members of one JSON object of a template, read by name and type. The keys that each kind of object may have stand
// in one table, which the schema (templates/script.schema.json) repeats.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "script/json_tree.hpp"

namespace atcert::script {

struct KeySet {
  std::string_view object;  // "step": the name of its definition in the schema
  std::span<const std::string_view> keys;
};

std::span<const KeySet> known_keys();

// The entry of `names` that `name` was probably meant to be.
std::optional<std::string_view> nearest(std::string_view name, std::span<const std::string_view> names);

// "one, two, three".
std::string listed(std::span<const std::string_view> names);

class Fields {
 public:
  // Refuses what is no object and keys that `object` does not have.
  static Result<Fields> of(const Node& node, const std::string& file, std::string_view object);

  const Node* find(std::string_view key) const { return node_->find(key); }
  const Node& node() const { return *node_; }
  const std::string& file() const { return *file_; }

  Result<const Node*> required(std::string_view key) const;
  Result<std::string> text(std::string_view key) const;  // required and not empty
  Result<std::string> text_or(std::string_view key, std::string fallback) const;
  Result<bool> flag(std::string_view key) const;  // false when absent
  Result<std::optional<std::uint64_t>> number(std::string_view key) const;
  Result<std::span<const Node>> list(std::string_view key) const;  // empty when absent

  Error error(const Node& at, std::string reason) const { return bad_script(*file_, at.line, std::move(reason)); }

 private:
  Fields(const Node& node, const std::string& file) : node_(&node), file_(&file) {}

  const Node* node_;
  const std::string* file_;
};

// "a string", "a number": for messages.
std::string_view name_of(Node::Kind kind);

}  // namespace atcert::script
