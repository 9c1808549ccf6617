// SPDX-License-Identifier: Apache-2.0
// What the host saw of the cloud, for people and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cloud/probe.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

void print_probe(Ui& ui, const cloud::Probe& seen);

nlohmann::json to_json(const cloud::Probe& seen);

}  // namespace atcert::cli
