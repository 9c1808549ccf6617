// SPDX-License-Identifier: Apache-2.0
#include "view/partition_map.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/core.h>

#include "view/line.hpp"

namespace atcert::cli {
namespace {

constexpr std::uint64_t kColumns = 32;
constexpr std::size_t kNameWidth = 16;

std::uint64_t end_of(const image::Partition& partition) {
  return std::uint64_t{partition.offset} + partition.size;
}

// What the map shows: from the first partition to the end of the last.
struct Range {
  std::uint64_t first = UINT64_MAX;
  std::uint64_t end = 0;
};

// A partition that is too small for its share of the columns still gets one.
std::string bar(const image::Partition& partition, const Range& range) {
  const std::uint64_t whole = std::max(range.end - range.first, std::uint64_t{1});
  const std::uint64_t first = std::min((partition.offset - range.first) * kColumns / whole, kColumns - 1);
  const std::uint64_t last = ((end_of(partition) - range.first) * kColumns + whole - 1) / whole;
  const std::uint64_t end = std::clamp(last, first + 1, kColumns);
  return std::string(first, ' ') + std::string(end - first, '=') + std::string(kColumns - end, ' ');
}

}  // namespace

std::vector<std::string> partition_map(const std::vector<image::Partition>& partitions) {
  Range range;
  for (const auto& partition : partitions) {
    range.first = std::min(range.first, std::uint64_t{partition.offset});
    range.end = std::max(range.end, end_of(partition));
  }
  std::vector<std::string> lines;
  lines.reserve(partitions.size());
  for (const auto& partition : partitions) {
    lines.push_back(fmt::format("0x{:06x} {:6}K  {} {:12} |{}|", partition.offset, partition.size / 1024,
                                padded(partition.name, kNameWidth), type_name(partition), bar(partition, range)));
  }
  return lines;
}

}  // namespace atcert::cli
