// SPDX-License-Identifier: Apache-2.0
// Findings about credentials and images, for people and as JSON.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "credentials/finding.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

// Says the warnings among them; notes are left to `atcert check`.
void say_warnings(const credentials::Findings& findings, Ui& ui);

// Says what was rewritten to make PEM that the firmware accepts.
void say_changes(const std::vector<std::string>& changes, Ui& ui);

nlohmann::json to_json(const credentials::Findings& findings);

}  // namespace atcert::cli
