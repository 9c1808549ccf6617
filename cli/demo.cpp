// SPDX-License-Identifier: Apache-2.0
// atcert demo.
#include <CLI/CLI.hpp>

#include "program.hpp"

namespace atcert::cli {

void add_demo(CLI::App&, Program&) {}

}  // namespace atcert::cli
