// SPDX-License-Identifier: Apache-2.0
// Factory parameters and GATT rows: the options that tools/at.py of ESP-AT has for them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "image/factory_param.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct ParamOptions {
  std::vector<image::FactoryParam> params;  // one for each option; those without a value are not given
  std::vector<std::string> gatt_rows;       // "0=0,16,0x2800,..."
};

void add_param_options(Verb& verb, ParamOptions& options);

std::vector<image::FactoryParam> given_params(const ParamOptions& options);
bool params_given(const ParamOptions& options);

// The GATT rows by number. An error of kind usage: one without a number.
Result<std::map<unsigned, std::string>> gatt_rows_of(const ParamOptions& options);

}  // namespace atcert::cli
