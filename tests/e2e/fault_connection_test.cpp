// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "e2e/fault_matrix.hpp"

namespace atcert::test {

TEST_CASE("a job under every fault of the MQTT connection") {
  run_section(Section::connection);
}

}  // namespace atcert::test
