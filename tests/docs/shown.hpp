// SPDX-License-Identifier: Apache-2.0
// Whether a program said what a document shows of it. Digits, durations at the ends of lines and the width of gaps
// may differ, and so may everything that stands where the document has a line `...`.
#pragma once

#include <string>

namespace atcert::test {

// Empty when all lines of `shown` are in `said`, in their order; else the first line that is missing.
std::string missing_line(const std::string& shown, const std::string& said);

}  // namespace atcert::test
