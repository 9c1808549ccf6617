// SPDX-License-Identifier: Apache-2.0
// The options of a transfer's speed: --speed and --flow.
#pragma once

#include <string>

#include "base/result.hpp"
#include "module/line_speed.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct SpeedOptions {
  std::string speed;  // a rate, or "keep"
  bool flow = false;
};
void add_speed_options(Verb& verb, SpeedOptions& options);

// An Error of kind usage when --speed is neither a rate that modules have nor "keep".
Result<module::Speed> chosen_speed(const SpeedOptions& options);

}  // namespace atcert::cli
