// SPDX-License-Identifier: Apache-2.0
// What can go wrong around a run, by name.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "soak/chance.hpp"
#include "soak/run.hpp"
#include "soak/scene.hpp"
#include "soak/verbs.hpp"

namespace atcert::soak {

struct Adversity {
  std::string name;
  std::function<bool(const Verb&)> concerns;
  // Changes what is run, or what stands in the scene.
  std::function<void(const Verb&, Scene&, Run&, Chance&)> prepare;
  const LineKind* line = nullptr;  // the wire to the module
  // A run under it that ends with 0 claims what is not so.
  bool must_fail = false;
  bool is_kill = false;
  bool hides_output = false;  // of --json
};

// `unavailable`: what cannot be tried here, and why.
std::vector<Adversity> adversities(std::vector<std::string>& unavailable);

}  // namespace atcert::soak
