// SPDX-License-Identifier: Apache-2.0
// No document with fenced blocks is left out of this folder's tests.
#include <map>

#include <doctest/doctest.h>

#include "docs/blocks.hpp"

namespace atcert::test {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::string> kDocuments = {
    {"README.md", "readme_test.cpp"},
    {"guide.md", "guide_test.cpp"},
    {"scripts.md", "scripts_test.cpp"},
    {"architecture.md", "no commands: its block is a drawing"},
};

}  // namespace

TEST_CASE("every document with fenced blocks has a test that runs them, or a reason for none") {
  for (const char* folder : {ATCERT_SOURCE_DIR, ATCERT_SOURCE_DIR "/docs"}) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".md" || blocks_of(entry.path()).empty()) continue;
      const std::string name = entry.path().filename();
      INFO(name);
      CHECK(kDocuments.count(name) == 1);
    }
  }
}

}  // namespace atcert::test
