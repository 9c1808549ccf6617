// SPDX-License-Identifier: Apache-2.0
// Outputs of one run that must not mix: each needs a place of its own.
#pragma once

#include <span>
#include <string>

#include "base/result.hpp"

namespace atcert::cli {

struct WantedOutput {
  std::string option;  // "--junit"
  std::string path;    // empty: it was not given
};

// An error of kind usage where two of them lead to one file or stream, or one to standard output, which `json` has.
Result<void> keep_apart(std::span<const WantedOutput> outputs, bool json);

}  // namespace atcert::cli
