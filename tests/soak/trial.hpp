// SPDX-License-Identifier: Apache-2.0
// One case: a verb under an adversity, then the same verb without it, and the invariants that hold after both.
#pragma once

#include <string>
#include <vector>

#include "soak/adversities.hpp"

namespace atcert::soak {

struct Verdict {
  std::vector<std::string> broken;  // invariants; empty: all hold
  std::string command;              // what was run
  std::string said;                 // the end of it, for a person
  bool killed = false;              // SIGKILL came before the end
  Milliseconds took{};
};

Verdict try_case(const Stock& stock, const Verb& verb, const Adversity& adversity, Chance chance);

}  // namespace atcert::soak
