// SPDX-License-Identifier: Apache-2.0
// What is wrong with a command line or a configuration file, in our words. CLI11's messages quote what they did not
// understand, and that may be a password: here no word of the command line is repeated but the name of an option, and
// of a configuration file no more than that.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace atcert::cli {

Error explain(const CLI::App& app, const CLI::ParseError& end);

// No verb, or a word in its place that is none.
Error no_verb(const std::string& word, const std::vector<std::string>& verbs);

}  // namespace atcert::cli
