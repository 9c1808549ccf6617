// SPDX-License-Identifier: Apache-2.0
// What rules can ask of evidence: every fact has a name, a value that may be unknown, and the words that a report has
// for it. The names are those of causes/causes.json.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "diagnosis/evidence.hpp"

namespace atcert::diagnosis {

// A list holds lines, or error codes as the module writes them.
using FactValue = std::variant<bool, std::int64_t, std::string, image::Release, std::vector<std::string>>;

enum class FactKind { flag, number, text, release, list };  // in the order of FactValue

struct Fact {
  std::string_view name;
  FactKind kind;
  std::optional<FactValue> (*value)(const Evidence&);
  std::string_view words;        // with {} for the value; of a flag: when it holds
  std::string_view denial = {};  // of a flag: when it does not
};

std::span<const Fact> facts();
const Fact* find_fact(std::string_view name);

}  // namespace atcert::diagnosis
