// SPDX-License-Identifier: Apache-2.0
// atcert provision.
#include <CLI/CLI.hpp>

#include "program.hpp"

namespace atcert::cli {

void add_provision(CLI::App&, Program&) {}

}  // namespace atcert::cli
