// SPDX-License-Identifier: Apache-2.0
// Factory images: the whole flash of a module as Espressif ships it ("factory_XXX.bin", to be written at address 0).
// The partitions are found through their tables: the primary one at one of the offsets that ESP-AT's configurations
// use, and the customized one at the start of the partition at_customize.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "image/fault.hpp"
#include "image/partition_table.hpp"
#include "image/release.hpp"

namespace atcert::image {

inline constexpr std::string_view kCustomizedPartition = "at_customize";
inline constexpr std::string_view kNvsPartition = "mfg_nvs";

struct FactoryImage {
  std::size_t table_offset = 0;
  std::vector<Partition> primary;
  std::vector<Partition> customized;
  std::vector<Fault> faults;  // of both tables, with offsets in the image

  // In the customized table, then in the primary one. Null if there is none.
  const Partition* find(std::string_view partition) const;
  // By its partitions: mfg_nvs, or those of PKI bins. Nothing when it has neither.
  std::optional<Generation> generation() const;
};

// Reads the tables of an image as far as they can be read. A partition that the file ends before is a note: images are
// often cut behind their last used partition.
FactoryImage read_factory_image(ByteView image);

// Whether there is a partition table where a factory image has one.
bool looks_like_factory_image(ByteView image);

}  // namespace atcert::image
