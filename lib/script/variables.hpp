// SPDX-License-Identifier: Apache-2.0
// The values of a script's variables: what the caller gives, the defaults, and the refusal of what does not fit.
#pragma once

#include "base/result.hpp"
#include "script/scope.hpp"
#include "script/script.hpp"

namespace atcert::script {

// What the caller knows. Numbers are given as text.
struct Given {
  Values named;    // what the user named: an unknown name is refused
  Values offered;  // what the caller has for any script: left out when the script does not ask for it
};

// A value for every variable of `script`. Errors are of kind usage and name the variables that there are.
Result<Values> resolve(const Script& script, Given given);

}  // namespace atcert::script
