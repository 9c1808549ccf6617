// SPDX-License-Identifier: Apache-2.0
// atcert push.
#include <CLI/CLI.hpp>

#include "program.hpp"

namespace atcert::cli {

void add_push(CLI::App&, Program&) {}

}  // namespace atcert::cli
