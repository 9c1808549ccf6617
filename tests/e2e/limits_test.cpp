// SPDX-License-Identifier: Apache-2.0
// The built tool under limits that the shell sets (ulimit). Those that the sanitizers cannot bear are in tests/soak.
#include <filesystem>

#include <doctest/doctest.h>

#include "support/process.hpp"
#include "support/units.hpp"

namespace atcert::test {

TEST_CASE("a limit on the size of files is an error of the write, and nothing is left of the images") {
  const Units units(1);
  const std::string command = "ulimit -f 0; exec \"$0\" \"$@\"";
  const Outcome outcome = run({.arguments = {"-c", command, ATCERT_BINARY, "build", "--manifest", units.list_path(),
                                             "--module", "ESP32-C3-MINI-1", "-o", units.out()},
                               .program = "/bin/sh"});
  INFO(outcome.err);
  CHECK(outcome.exit_code == 8);
  CHECK(outcome.err.find("File too large") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(units.out("unit-0")));
}

}  // namespace atcert::test
