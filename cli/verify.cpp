// SPDX-License-Identifier: Apache-2.0
// atcert verify.
#include <CLI/CLI.hpp>

#include "program.hpp"

namespace atcert::cli {

void add_verify(CLI::App&, Program&) {}

}  // namespace atcert::cli
