// SPDX-License-Identifier: Apache-2.0
// The JSON documents of --json. Their shape is stable: a schema version, the command, the exit code by number and name,
// then what the command has to say. Keys are added, never renamed, within one schema version.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "report/run.hpp"

namespace atcert::report {

// The head of every document: {"schema", "command", "exit": {"code", "name"}}, and "error" where there is one.
nlohmann::json document(const std::string& command, const Error* error);

nlohmann::json to_json(const Error& error);
nlohmann::json to_json(const Finding& finding);
nlohmann::json to_json(const Run& run);

// "2026-11-23T06:05:00Z".
std::string iso_time(WallTime time);

}  // namespace atcert::report
