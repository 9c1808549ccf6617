// SPDX-License-Identifier: Apache-2.0
// Where things lie in the flash of an emulated module, from the partition tables of ESP-AT (module_config/*/
// partitions_at.csv and at_customize.csv).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "image/release.hpp"

namespace atcert::emulator {

inline constexpr std::uint8_t kUserPartitionType = 0x40;
inline constexpr std::string_view kMfgNvsName = "mfg_nvs";

struct Partition {
  std::string name;
  std::uint8_t type = kUserPartitionType;
  std::uint8_t subtype = 0;
  std::size_t offset = 0;
  std::size_t size = 0;
};

struct FlashMap {
  Partition settings;            // "nvs": what AT commands store with AT+SYSSTORE=1
  std::vector<Partition> users;  // the second table, which AT+SYSFLASH? lists

  const Partition* user(std::string_view name) const;
  // Whether AT+SYSFLASH may change it: not fatfs, for example.
  bool is_open(const Partition& partition) const {
    return partition.type == kUserPartitionType || partition.name == kMfgNvsName;
  }
};

FlashMap flash_map(std::string_view module, image::Generation generation);

}  // namespace atcert::emulator
