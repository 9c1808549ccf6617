// SPDX-License-Identifier: Apache-2.0
// The options that mean the same in every verb.
#pragma once

#include <string>

#include "base/result.hpp"
#include "verb.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

// --json, -q, -v, --color: for every verb.
void add_output_options(Verb& verb, UiSettings& settings);

struct PortOptions {
  std::string port;  // -p/--port, then ATCERT_PORT, then ESPTOOL_PORT; empty: the only one found
  unsigned baud = 115200;
};
void add_port_options(Verb& verb, PortOptions& options);

// Before anything is done: whether the port that is named can be one.
Result<void> check_port(const PortOptions& options);

// The port that the options, then the environment name; else the only USB serial port there is. An error lists the
// choices.
Result<std::string> chosen_port(const PortOptions& options);

// Ends a verb that failed before it had anything to show: says so (or prints the JSON document); returns the exit code.
int fail(Ui& ui, const std::string& command, const Error& error);

}  // namespace atcert::cli
