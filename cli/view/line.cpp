// SPDX-License-Identifier: Apache-2.0
#include "view/line.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace atcert::cli {

std::size_t width_of(std::string_view text) {
  const std::string shown = printable(text);
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(shown.begin(), shown.end(), begins));
}

std::string padded(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width - std::min(width, width_of(text)), ' ');
}

}  // namespace atcert::cli
