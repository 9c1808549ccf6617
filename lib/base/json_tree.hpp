// SPDX-License-Identifier: Apache-2.0
// The one reader of JSON from outside (RFC 8259; secrets apart, see credentials/secret_json.hpp): a tree in which every
// value knows its line, so that what is wrong is refused with file, line and reason, never with the text of the file.
// Members that are doubled, deep nesting, numbers out of range and large files are refused here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atcert {

struct JsonNode {
  enum class Kind { null, boolean, number, other_number, string, array, object };

  Kind kind = Kind::null;
  std::size_t line = 0;
  std::string key;           // when it is the member of an object
  std::string text;          // of a string
  std::uint64_t number = 0;  // of a number; negative and broken ones are other_number
  bool boolean = false;
  std::vector<JsonNode> children;  // members of an object in their order, or items of an array

  const JsonNode* find(std::string_view name) const;
};

// "a string", "a number": for messages.
std::string_view name_of(JsonNode::Kind kind);

// What is read, for the errors of everything that is wrong in it.
struct JsonSource {
  std::string file;  // the name that messages give; empty where the caller puts it before them
  std::string code;
  std::string remedy;
  bool comments = false;  // C's, which JSON does not have

  Error error(std::size_t line, const std::string& reason) const;
};

Result<JsonNode> parse_json(std::string_view text, const JsonSource& source);

}  // namespace atcert
