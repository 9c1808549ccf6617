// SPDX-License-Identifier: Apache-2.0
// Which AT commands a script makes conditions of: whoever runs it asks the module for these, and for no others.
#pragma once

#include <set>
#include <string>

#include "script/script.hpp"

namespace atcert::script {

std::set<std::string, std::less<>> commands_in(const Script& script);

}  // namespace atcert::script
