// SPDX-License-Identifier: Apache-2.0
// The options of the verbs that run a connection script: which script, and the values of its variables. A flag is there
// for the variables that every script for a cloud has; --set gives the others. A secret is never an argument: it comes
// from a file or the environment.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "script/script.hpp"
#include "script/variables.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct ScriptOptions {
  std::string script = "aws-iot";  // a template's name, or a file
  std::string templates;           // a folder instead of the compiled-in templates
  std::string endpoint;
  std::string client_id;
  std::string topic;
  std::string clock;  // a word of the script's variable; empty: its default
  std::string wifi_ssid;
  std::string wifi_password_file;
  std::vector<std::string> set;       // NAME=VALUE
  std::vector<std::string> set_file;  // NAME=FILE
};

void add_script_options(Verb& verb, ScriptOptions& options);

Result<script::Script> load_script(const ScriptOptions& options);

// The values that flags, files and the environment give; variables that are not given are left out.
Result<script::Given> script_values(const ScriptOptions& options, const script::Script& script);

// The password of --wifi-password-file, then of ATCERT_WIFI_PASSWORD; empty when there is neither.
Result<Secret> wifi_password(const std::string& file);

}  // namespace atcert::cli
