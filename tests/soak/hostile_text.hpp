// SPDX-License-Identifier: Apache-2.0
// Text that does harm where it is shown as it is: controls, escape sequences, characters that turn the direction,
// noncharacters, and what is no UTF-8.
#pragma once

#include <string>

#include "soak/chance.hpp"

namespace atcert::soak {

std::string hostile_text(Chance& chance);

// What is in a text that must not be shown; empty when nothing is. Line ends are right in a text.
std::string unfit_in(const std::string& text);

}  // namespace atcert::soak
