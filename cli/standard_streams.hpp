// SPDX-License-Identifier: Apache-2.0
// Standard input, output and error where the program was started without them. The next file that it opens, a module's
// port or a private key, would get their number, and what is meant for a person would go into it.
#pragma once

namespace atcert::cli {

// Opens those of the three that are closed on /dev/null, in a way that a result for standard output is still known to
// be lost. Before anything else opens a file. False, when that cannot be done: then nothing may be opened.
bool open_missing_streams();

}  // namespace atcert::cli
