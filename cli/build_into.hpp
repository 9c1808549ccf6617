// SPDX-License-Identifier: Apache-2.0
// atcert build --into: credentials and parameters into a copy of a factory image.
#pragma once

#include <string>

#include "credential_options.hpp"
#include "nvs_keys_options.hpp"
#include "param_options.hpp"
#include "program.hpp"
#include "slot_options.hpp"

namespace atcert::cli {

struct IntoOptions {
  std::string image;
  std::string nvs_update = "in-place";
};

// What `build` has taken for both of its ways.
struct IntoContext {
  const CredentialOptions& credentials;
  const SlotOptions& slots;
  const ParamOptions& params;
  const NvsKeysOptions& nvs_keys;
  std::string release;
  std::string output;
  bool dry_run = false;
};

void add_into_options(Verb& verb, IntoOptions& options);

// Returns the exit code.
int build_into(const IntoOptions& options, const IntoContext& context, Program& program);

}  // namespace atcert::cli
