// SPDX-License-Identifier: Apache-2.0
#include "e2e/fault_matrix.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "emulator/faults.hpp"
#include "support/require.hpp"

namespace atcert::test {

TEST_CASE("every fault has its row") {
  for (const emulator::FaultRow& fault : emulator::fault_table()) {
    CAPTURE(fault.name);
    const auto rows = fault_matrix();
    CHECK(std::any_of(rows.begin(), rows.end(),
                      [&](const Row& row) { return require(emulator::parse_fault(row.fault)).fault == fault.fault; }));
  }
}

}  // namespace atcert::test
