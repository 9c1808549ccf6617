// SPDX-License-Identifier: Apache-2.0
// The fenced blocks of a Markdown document, as they stand in it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace atcert::test {

struct Block {
  int line = 0;  // of the document, of the first line of `text`
  std::string text;

  std::string first_line() const { return text.substr(0, text.find('\n')); }
};

std::vector<Block> blocks_of(const std::filesystem::path& document);

}  // namespace atcert::test
