// SPDX-License-Identifier: Apache-2.0
// The connection scripts that are part of the tool (templates/).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atcert::script {

struct Template {
  std::string name;  // "aws-iot"
  std::string_view content;
};

std::vector<Template> templates();

// The error (of kind usage) lists the names that there are.
Result<Template> find_template(std::string_view name);

}  // namespace atcert::script
