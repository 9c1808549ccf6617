// SPDX-License-Identifier: Apache-2.0
// The words of the command line before CLI11 sees them. The output options belong to every verb, so they may stand
// before it too, and --json is known whatever else is wrong with the words.
#pragma once

#include <string>
#include <vector>

namespace atcert::cli {

struct CommandLine {
  std::string verb;                // empty: there is none, or the word in its place is no verb
  bool json = false;               // --json stands somewhere
  std::string no_verb;             // that word
  std::vector<std::string> words;  // with the output options behind the verb
};

// `verbs`: the names that there are. `--version` with an output option is the verb `version`, which can say more.
CommandLine arrange(const std::vector<std::string>& words, const std::vector<std::string>& verbs);

}  // namespace atcert::cli
