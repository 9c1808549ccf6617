// SPDX-License-Identifier: Apache-2.0
// atcert build --list-modules: the modules and their releases.
#pragma once

#include "options/layout.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

// Returns the exit code.
int list_modules(const Layouts& layouts, Ui& ui);

}  // namespace atcert::cli
