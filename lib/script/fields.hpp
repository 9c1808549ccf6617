// SPDX-License-Identifier: Apache-2.0
// The members of one JSON object of a template, read by name and type. The keys that each kind of object may have stand
// in one table, which the schema (templates/script.schema.json) repeats.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/json_object.hpp"
#include "base/result.hpp"
#include "script/node.hpp"

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

class Fields : public JsonObject {
 public:
  // Refuses what is no object and keys that `object` does not have.
  static Result<Fields> of(const Node& node, const std::string& file, std::string_view object);

  const std::string& file() const { return source().file; }

  // A whole number of these limits, or nothing where the member is not there.
  Result<std::optional<std::uint64_t>> count(std::string_view key, std::uint64_t min, std::uint64_t max) const;

 private:
  explicit Fields(JsonObject members) : JsonObject(std::move(members)) {}
};

}  // namespace atcert::script
