// SPDX-License-Identifier: Apache-2.0
// Text without what does not count when a secret is looked for in it: separators, line ends, escapes and quoting. What
// is left knows where it stood. It may be a secret, so it is kept as one.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace atcert {

enum class Alphabet {
  value,   // everything but backslashes: a password in any quoting
  base64,  // letters, digits, plus and slash: no padding, none of \n, \r and \t
  hex,     // digits and a to f, upper case as lower; no 0x and \x
};

struct CompactText {
  Secret text;
  std::vector<std::size_t> places;  // places[i]: where text[i] stands in the original
};

CompactText compact(std::string_view text, Alphabet alphabet);

bool is_base64(char c);

}  // namespace atcert
