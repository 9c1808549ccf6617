// SPDX-License-Identifier: Apache-2.0
// atcert build --manifest: the images of many units in one run, a folder a unit.
#pragma once

#include <string>

#include "batch/batch.hpp"
#include "program.hpp"
#include "verbs/build_inputs.hpp"

namespace atcert::cli {

struct BatchFlags {
  std::string manifest;
  unsigned jobs = 0;  // 0: one a core
};

void add_batch_options(Verb& verb, BatchFlags& flags);

// What all units share.
struct BatchContext {
  const BuildOptions& build;
  const BuildInputs& inputs;
};

// Returns the exit code: that of `units` when some of them failed.
int build_batch(const BatchFlags& flags, batch::BatchOptions options, const BatchContext& context, Program& program);

}  // namespace atcert::cli
