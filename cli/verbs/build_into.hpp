// SPDX-License-Identifier: Apache-2.0
// atcert build --into: credentials and parameters into a copy of a factory image.
#pragma once

#include <string>

#include "program.hpp"
#include "verbs/build_inputs.hpp"

namespace atcert::cli {

struct IntoOptions {
  std::string image;
  std::string nvs_update = "in-place";
};

// What `build` has taken for both of its ways.
struct IntoContext {
  const BuildOptions& build;
  std::string output;
  bool force = false;
};

void add_into_options(Verb& verb, IntoOptions& options);

// Returns the exit code.
int build_into(const IntoOptions& options, const IntoContext& context, Program& program);

}  // namespace atcert::cli
