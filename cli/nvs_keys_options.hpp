// SPDX-License-Identifier: Apache-2.0
// The keys of an encrypted mfg_nvs: read from a keys partition, or made new and written to one.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "image/nvs_encryption.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct NvsKeysOptions {
  std::string file;
  bool make = false;
};

void add_nvs_keys_options(Verb& verb, NvsKeysOptions& options);

// Nothing when the options do not ask for encryption. New keys are written unless `dry_run`; a file that is there is
// never replaced, because what was encrypted with its keys would be lost.
Result<std::optional<image::NvsKeys>> load_nvs_keys(const NvsKeysOptions& options, bool dry_run);

}  // namespace atcert::cli
