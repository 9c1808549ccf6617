// SPDX-License-Identifier: Apache-2.0
// The items of an inspected file, written into files.
#pragma once

#include <string>

#include "view/inspected_file.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

// Makes the folder. What is not known to be public gets mode 0600.
Result<void> extract(const InspectedFile& file, const std::string& folder, Ui& ui);

}  // namespace atcert::cli
