// SPDX-License-Identifier: Apache-2.0
// atcert check.
#include <CLI/CLI.hpp>

#include "program.hpp"

namespace atcert::cli {

void add_check(CLI::App&, Program&) {}

}  // namespace atcert::cli
