// SPDX-License-Identifier: Apache-2.0
// Numbers with their nouns, for messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace atcert {

// "1 unit", "2 units"; where an s is not enough, `many` is the plural.
std::string counted(std::size_t number, std::string_view one, std::string_view many = {});

}  // namespace atcert
