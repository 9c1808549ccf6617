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

// Nothing when the options do not ask for encryption. New keys are made, but not written yet. An error: the file for
// them is there already, which is never replaced, because what was encrypted with its keys would be lost.
Result<std::optional<image::NvsKeys>> load_nvs_keys(const NvsKeysOptions& options);

// The file of new keys: written before the first image that is encrypted with them, and taken back when no such image
// came into being. Without new keys both do nothing.
Result<void> write_new_nvs_keys(const NvsKeysOptions& options, const std::optional<image::NvsKeys>& keys);
void take_back_new_nvs_keys(const NvsKeysOptions& options);

}  // namespace atcert::cli
