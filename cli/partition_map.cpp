// SPDX-License-Identifier: Apache-2.0
#include "partition_map.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "ui.hpp"

namespace atcert::cli {
namespace {

constexpr std::uint64_t kColumns = 32;

std::uint64_t end_of(const image::Partition& partition) {
  return std::uint64_t{partition.offset} + partition.size;
}

// A partition that is too small for its share of the columns still gets one.
std::string bar(const image::Partition& partition, std::uint64_t whole) {
  const std::uint64_t first = std::min(partition.offset * kColumns / whole, kColumns - 1);
  const std::uint64_t end = std::clamp((end_of(partition) * kColumns + whole - 1) / whole, first + 1, kColumns);
  return std::string(first, ' ') + std::string(end - first, '=') + std::string(kColumns - end, ' ');
}

}  // namespace

std::vector<std::string> partition_map(const std::vector<image::Partition>& partitions) {
  std::uint64_t whole = 1;
  for (const auto& partition : partitions) whole = std::max(whole, end_of(partition));
  std::vector<std::string> lines;
  for (const auto& partition : partitions) {
    lines.push_back(fmt::format("0x{:06x} {:6}K  {:16} {:12} |{}|", partition.offset, partition.size / 1024,
                                printable(partition.name), type_name(partition), bar(partition, whole)));
  }
  return lines;
}

}  // namespace atcert::cli
