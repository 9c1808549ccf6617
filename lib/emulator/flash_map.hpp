// SPDX-License-Identifier: Apache-2.0
// Where things lie in the flash of an emulated module: the layouts in partitions/.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "image/layout.hpp"

namespace atcert::emulator {

inline constexpr std::uint8_t kUserPartitionType = 0x40;
inline constexpr std::string_view kMfgNvsName = "mfg_nvs";

using image::Partition;

struct FlashMap {
  Partition settings;            // "nvs": what AT commands store with AT+SYSSTORE=1
  std::vector<Partition> users;  // the customized table, which AT+SYSFLASH? lists

  // Null if there is none of that name.
  const Partition* user(std::string_view name) const { return image::find_partition(users, name); }
  // Whether AT+SYSFLASH may change it: not fatfs, for example.
  bool is_open(const Partition& partition) const {
    return partition.type == kUserPartitionType || partition.name == kMfgNvsName;
  }
};

// The layout of `module` in `release`. If that release has the other generation: the newest layout of this one, which a
// module keeps when only its application is updated.
Result<FlashMap> flash_map(const image::LayoutCatalogue& catalogue, const image::ModuleKind& module,
                           const image::Release& release, image::Generation generation);

}  // namespace atcert::emulator
