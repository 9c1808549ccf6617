// SPDX-License-Identifier: Apache-2.0
// atcert inspect of a manifest.json: what was built for what, and whether the files beside it are still those.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

// Returns the exit code.
int inspect_manifest(const std::string& path, ByteView bytes, Ui& ui);

}  // namespace atcert::cli
