// SPDX-License-Identifier: Apache-2.0
// atcert build --manifest: the images of many units in one run, a folder a unit.
#pragma once

#include <string>

#include "batch/batch.hpp"
#include "program.hpp"

namespace atcert::cli {

struct BatchFlags {
  std::string manifest;
  unsigned jobs = 0;  // 0: one a core
};

void add_batch_options(Verb& verb, BatchFlags& flags);

// Returns the exit code: that of `units` when some of them failed. The findings are about what all units share.
int build_batch(const BatchFlags& flags, batch::BatchOptions options, const credentials::Findings& findings,
                Program& program);

}  // namespace atcert::cli
