// SPDX-License-Identifier: Apache-2.0
// The nearest names to one that is not known, for "did you mean".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atcert::image {

// How many letters must be put in, taken out or changed to make `b` of `a` (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

// A name in the form in which names are compared: upper case, without blanks, `-` and `_`.
std::string folded(std::string_view name);

// At most three of `names`: those that begin with `name`, then the nearest, and none that has little in common with it.
std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& names);

}  // namespace atcert::image
