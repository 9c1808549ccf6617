// SPDX-License-Identifier: Apache-2.0
#include "serial/port_list.hpp"

#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

namespace atcert::serial {

TEST_CASE("the ports are listed by name and exist") {
  const auto ports = list_ports();
  REQUIRE(ports);
  CHECK(std::is_sorted(ports->begin(), ports->end(), [](const auto& a, const auto& b) { return a.name < b.name; }));
  for (const PortInfo& port : *ports) CHECK(std::filesystem::exists(port.name));
}

}  // namespace atcert::serial
