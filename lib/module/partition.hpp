// SPDX-License-Identifier: Apache-2.0
// The module's user partitions, as AT+SYSFLASH? lists them: +SYSFLASH:"mqtt_cert",64,12,0x37000,0x2000
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atcert::module {

struct Partition {
  std::string name;
  unsigned type = 0;
  unsigned subtype = 0;
  std::uint32_t offset = 0;  // in the flash
  std::uint32_t size = 0;
};

// Nothing when `line` is no such line.
std::optional<Partition> parse_partition(std::string_view line);

}  // namespace atcert::module
