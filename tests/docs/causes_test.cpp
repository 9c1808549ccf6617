// SPDX-License-Identifier: Apache-2.0
// The page of causes is the one that ./dev causes makes of the tool's own table.
#include <doctest/doctest.h>

#include "base/files.hpp"
#include "support/process.hpp"
#include "support/require.hpp"

namespace atcert::test {

TEST_CASE("docs/causes.md is current") {
  const std::string page = ATCERT_SOURCE_DIR "/docs/causes";
  const Outcome made =
      run({.arguments = {"-c", ATCERT_BINARY " explain --json | jq -r -f " + page + ".jq"}, .program = "/bin/sh"});
  REQUIRE(made.exit_code == 0);
  const Bytes kept = require(read_file(page + ".md", 1 << 20));
  INFO("run ./dev causes");
  CHECK(std::string(kept.begin(), kept.end()) == made.out);
}

}  // namespace atcert::test
