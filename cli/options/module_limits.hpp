// SPDX-License-Identifier: Apache-2.0
// What fits a module that is not at hand: from its partition table, which the module's name and release tell.
#pragma once

#include <string>

#include "base/result.hpp"
#include "credentials/check.hpp"
#include "image/credential_images.hpp"

namespace atcert::cli {

// What a module takes in an owner's slots for credentials, as far as the target tells. An error of kind input: it has
// none.
Result<credentials::ModuleLimits> limits_of(const image::ImageTarget& target, const std::string& owner = "mqtt");

// Without a release, that of the newest binary. Errors also of kind usage: an unknown module or release.
Result<credentials::ModuleLimits> module_limits(const std::string& module, const std::string& release);

}  // namespace atcert::cli
