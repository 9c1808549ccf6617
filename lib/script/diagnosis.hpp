// SPDX-License-Identifier: Apache-2.0
// From what was seen in a step that failed to the Error that tells it: what happened with the module's own words, the
// cause that the script's table gives for this evidence, and the remedy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/outside.hpp"
#include "base/result.hpp"
#include "script/script.hpp"

namespace atcert::script {

struct Evidence {
  std::string happened;                    // "the module answered ERROR"
  std::vector<OutsideText> lines;          // everything the module said
  std::vector<std::uint32_t> error_codes;  // ERR CODE lines
  bool refused = false;                    // it answered ERROR
  bool silent = false;                     // what had to come did not come in time
};

struct Diagnosis {
  Error error;
  bool told = false;                      // by a row of the table
  std::optional<std::uint64_t> attempts;  // how many attempts in all the cause is worth; nothing: as many as there are
};

Diagnosis diagnose(const Step& step, const std::string& command, const Evidence& evidence, const Circumstances& now);

}  // namespace atcert::script
