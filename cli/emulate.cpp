// SPDX-License-Identifier: Apache-2.0
// atcert emulate.
#include <CLI/CLI.hpp>

#include "program.hpp"

namespace atcert::cli {

void add_emulate(CLI::App&, Program&) {}

}  // namespace atcert::cli
