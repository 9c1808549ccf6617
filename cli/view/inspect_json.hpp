// SPDX-License-Identifier: Apache-2.0
// An inspected file as a JSON document.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "view/inspected_file.hpp"

namespace atcert::cli {

// `error`, the verdict, may be null.
nlohmann::json to_json(const InspectedFile& file, const Error* error);

// "note", "leftover" or "error"
const char* level_name(image::FaultLevel level);

}  // namespace atcert::cli
