// SPDX-License-Identifier: Apache-2.0
// Runs what README.md tells its readers to run, as it stands there.
#include <doctest/doctest.h>

#include "docs/document.hpp"

namespace atcert::test {

TEST_CASE("the commands of README.md do what it says") {
  Workshop workshop;
  const std::vector<Entry> entries = {
      {"$ atcert provision --creds ./device-42 --port /dev/ttyUSB0 \\", session()},
      {"./dev demo", not_run("it builds a release; what it runs then, `atcert demo`, is run for the next block")},
      {"pki: a module that keeps credentials in raw partitions (releases up to 3.0)", shown_by("atcert demo")},
      {"./dev test", not_run("it is what runs this test")},
  };
  check_document("README.md", entries, workshop);
}

}  // namespace atcert::test
