// SPDX-License-Identifier: Apache-2.0
// An inspected file as lines for people.
#pragma once

#include "view/inspected_file.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

void show(const InspectedFile& file, Ui& ui);

}  // namespace atcert::cli
