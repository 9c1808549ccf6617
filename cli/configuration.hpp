// SPDX-License-Identifier: Apache-2.0
// Settings from files: --config F and the user's own file, $XDG_CONFIG_HOME/atcert/config.toml. They hold the long
// names of the options. Order of precedence: flag, environment, --config, the user's file. A file that does not parse,
// or an option that no verb knows, is an error.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace atcert::cli {

class Verbs;

// Call after the verbs have been added.
void add_configuration(CLI::App& app, Verbs& verbs);

// The arguments in the order that App::parse(std::vector) wants, with the user's file, where there is one, as the first
// --config: CLI11 lets the later of two files win.
std::vector<std::string> with_user_file(std::vector<std::string> arguments);

}  // namespace atcert::cli
