// SPDX-License-Identifier: Apache-2.0
// What is wrong with the partitions of a table: what ESP-IDF's gen_esp32part.py refuses (components/partition_table,
// v5.5), what wraps or leaves the flash, and what ESP-AT's firmware would not find. The same judgement for CSV and
// binary tables, alone and in factory images.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/partition_table.hpp"

namespace atcert::image {

// As many as fit a table with its end, and none for an MD5.
inline constexpr std::size_t kMostPartitions = kPartitionTableSize / kPartitionEntrySize - 1;

struct PartitionFlaw {
  std::size_t index = 0;  // of the partition
  std::string what;
  std::string remedy;
};

// The flaws in the order of the partitions.
std::vector<PartitionFlaw> judge_partitions(std::span<const Partition> partitions, std::uint32_t table_offset);

// Of a customized table, what lies over the partitions of the primary one, or over the customized table itself.
std::vector<PartitionFlaw> judge_customized(std::span<const Partition> customized, std::span<const Partition> primary);

}  // namespace atcert::image
