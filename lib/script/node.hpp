// SPDX-License-Identifier: Apache-2.0
// A template as a tree of JSON with comments, and the error for everything that is wrong with one.
#pragma once

#include <cstddef>
#include <string>

#include "base/json_tree.hpp"
#include "base/result.hpp"

namespace atcert::script {

using Node = JsonNode;

// `file` is the name that messages give.
JsonSource script_source(const std::string& file);

Error bad_script(const std::string& file, std::size_t line, const std::string& reason);

}  // namespace atcert::script
