// SPDX-License-Identifier: Apache-2.0
// Asks for a passphrase on the terminal, without echo.
#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"
#include "program.hpp"

namespace atcert::cli {

// Nothing when nobody can be asked, or when the program was interrupted or the input ended over the question.
std::optional<Secret> ask_passphrase(Program& program, const std::string& source);

}  // namespace atcert::cli
