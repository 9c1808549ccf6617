// SPDX-License-Identifier: Apache-2.0
// atcert build.
#include <CLI/CLI.hpp>

#include "program.hpp"

namespace atcert::cli {

void add_build(CLI::App&, Program&) {}

}  // namespace atcert::cli
