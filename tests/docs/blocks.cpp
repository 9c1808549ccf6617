// SPDX-License-Identifier: Apache-2.0
#include "docs/blocks.hpp"

#include <fstream>

#include <doctest/doctest.h>

namespace atcert::test {

std::vector<Block> blocks_of(const std::filesystem::path& document) {
  std::ifstream file(document);
  REQUIRE(file.is_open());
  std::vector<Block> blocks;
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) blocks.push_back({number + 1, {}});
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  REQUIRE_FALSE(inside);
  return blocks;
}

}  // namespace atcert::test
