// SPDX-License-Identifier: Apache-2.0
#include "base/plural.hpp"

#include <fmt/core.h>

namespace atcert {

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
  if (number == 1) return fmt::format("1 {}", one);
  return many.empty() ? fmt::format("{} {}s", number, one) : fmt::format("{} {}", number, many);
}

}  // namespace atcert
