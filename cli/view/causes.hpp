// SPDX-License-Identifier: Apache-2.0
// The causes of a failure, for a person: what speaks for the first, and what else it may be.
#pragma once

#include <vector>

#include "report/run.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

// Behind the failure itself, which the first is the cause of.
void say_causes(const std::vector<report::Cause>& causes, Ui& ui);

}  // namespace atcert::cli
