// SPDX-License-Identifier: Apache-2.0
#include "docs/shown.hpp"

#include <doctest/doctest.h>

namespace atcert::test {

TEST_CASE("what a document shows may differ from what was said in digits and gaps only") {
  const std::string said = "ok     push, 5 steps, 0.16 s\n  mqtt_ca     1123 bytes  written\n0x03c000  mqtt_ca.bin\n";
  CHECK(missing_line("ok push, 12 steps, 1.4 s\n", said).empty());
  CHECK(missing_line("0x1a  mqtt_ca.bin\n", said).empty());
  CHECK(missing_line("ok push, 12 steps\n", said).empty());
  CHECK(missing_line("ok pull, 12 steps\n", said) == "ok pull, 12 steps");
  CHECK(missing_line("  mqtt_ca     1123 bytes  equal\n", said) == "  mqtt_ca     1123 bytes  equal");
}

TEST_CASE("lines that a document shows come in its order, with others between them") {
  const std::string said = "a\nb\nc\n";
  CHECK(missing_line("a\nc\n", said).empty());
  CHECK(missing_line("a\n...\nc\n", said).empty());
  CHECK(missing_line("c\na\n", said) == "a");
  CHECK(missing_line("a\na\n", said) == "a");
}

}  // namespace atcert::test
