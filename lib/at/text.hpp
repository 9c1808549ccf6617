// SPDX-License-Identifier: Apache-2.0
// Bytes of a module made fit for a terminal, a log or JSON.
#pragma once

#include <string>
#include <string_view>

namespace atcert::at {

// `text` with control characters and what is no UTF-8 written as \x1b.
std::string printable(std::string_view text);

}  // namespace atcert::at
