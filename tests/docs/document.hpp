// SPDX-License-Identifier: Apache-2.0
// Checks a document by its fenced blocks: each must have an entry in the document's table, which runs the block, holds
// it against what the block before it printed, or says why it cannot be run. A block without an entry, or an entry
// without a block, fails.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "docs/blocks.hpp"
#include "docs/workshop.hpp"

namespace atcert::test {

using Treatment = std::function<void(Workshop&, const Block&)>;

struct Entry {
  std::string first_line;  // of the block that it is for; entries stand in the order of the blocks
  Treatment treatment;
};

// Commands, which end with `exit_code`; in a folder below the workshop's, where a command before went there.
Treatment runs(int exit_code = 0, std::string below = {});
// What the commands before it print.
Treatment shown();
// A part of what `commands` print, which the document describes in its text.
Treatment shown_by(std::string commands);
// Commands after `$ `, each with what it prints.
Treatment session();
// A file of this name.
Treatment is_file(std::string name);
// Not run, for a reason that the test prints.
Treatment not_run(std::string reason);

void check_document(const std::string& path, const std::vector<Entry>& entries, Workshop& workshop);

}  // namespace atcert::test
