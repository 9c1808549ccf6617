// SPDX-License-Identifier: Apache-2.0
// What mfg_nvs.bin holds besides certificates and keys: what ESP-AT's own build writes for the module, or the values of
// a CSV; with the factory parameters of the command line.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "credentials/finding.hpp"
#include "image/nvs_csv.hpp"
#include "options/layout.hpp"
#include "options/params.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct MfgOptions {
  std::string csv;
  std::string size;
  bool only_credentials = false;
};

void add_mfg_options(Verb& verb, MfgOptions& options);

// An option that is for mfg_nvs alone and is given; empty if none is.
std::string given_mfg_option(const MfgOptions& options);

struct MfgValues {
  image::NvsValues values;
  std::optional<std::size_t> size;  // of the image, where it is not that of the partition
  credentials::Findings findings;   // what flashing the image does to the rest of the module
};

// Empty for releases without mfg_nvs. Errors: options that such a release does not have; a bad CSV, size or parameter.
Result<MfgValues> load_mfg_values(const MfgOptions& options, const ParamOptions& params, const Layouts& layouts,
                                  const image::ImageTarget& target);

}  // namespace atcert::cli
