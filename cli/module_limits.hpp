// SPDX-License-Identifier: Apache-2.0
// What fits a module that is not at hand: from its partition table, which the module's name and release tell.
#pragma once

#include <string>

#include "base/result.hpp"
#include "credentials/check.hpp"

namespace atcert::cli {

// Without a release, that of the newest binary. Errors are of kind input: an unknown module or release.
Result<credentials::ModuleLimits> module_limits(const std::string& module, const std::string& release);

}  // namespace atcert::cli
