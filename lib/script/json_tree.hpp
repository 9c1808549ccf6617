// SPDX-License-Identifier: Apache-2.0
// A JSON document with comments as a tree in which every value knows its line, so that a bad template can be refused
// with file, line and reason. Duplicate keys and deep nesting are refused here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atcert::script {

struct Node {
  enum class Kind { null, boolean, number, other_number, string, array, object };

  Kind kind = Kind::null;
  std::size_t line = 0;
  std::string key;           // when it is the member of an object
  std::string text;          // of a string
  std::uint64_t number = 0;  // of a number; negative and broken ones are other_number
  bool boolean = false;
  std::vector<Node> children;  // members of an object in their order, or items of an array

  const Node* find(std::string_view name) const;
};

// `file` is the name that messages give.
Result<Node> parse_json(std::string_view text, const std::string& file);

// The error for everything that is wrong with a template.
Error bad_script(const std::string& file, std::size_t line, std::string reason);

}  // namespace atcert::script
