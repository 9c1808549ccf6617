// SPDX-License-Identifier: Apache-2.0
// What a run of the tool leaves behind, found out without it: a plain dialogue with the module, and its flash file.
#pragma once

#include <string>

#include "e2e/rig.hpp"

namespace atcert::test {

// "clean", or what is not as a fresh module has it: "rate=921600 store=0 mode=1 log=1 mqtt=4 echo=0", or that it is
// "silent" or its port "gone".
std::string module_state(const Rig& rig);

// "new": the three slots hold the rig's credentials; "none"; or slot by slot. "wifi" behind it: the flash holds the
// password of the network.
std::string stored_state(const Rig& rig);

}  // namespace atcert::test
