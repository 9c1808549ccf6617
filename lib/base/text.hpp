// SPDX-License-Identifier: Apache-2.0
// Text from outside (a module, a file, a certificate, the command line) made fit to be shown: the one way to a
// terminal, a log or a report. Terminals obey control characters, and readers believe what U+202E and its kin turn
// round ("Unicode Security Considerations", UTR 36; CVE-2021-42574).
#pragma once

#include <string>
#include <string_view>

namespace atcert {

// `text` with all that steers a terminal, cannot be seen or is no UTF-8 as visible escapes: \n and \r for line ends,
// \x1b for other ASCII controls and for bytes that are no UTF-8, \u{202e} for controls of Unicode, what has no width,
// and noncharacters. The result is one line of UTF-8 and legal in XML 1.0; to do it twice changes nothing.
std::string printable(std::string_view text);

}  // namespace atcert
