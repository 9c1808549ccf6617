// SPDX-License-Identifier: Apache-2.0
#include "image/factory_image.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "image/partition_rules.hpp"

namespace atcert::image {
namespace {

constexpr std::array<std::uint32_t, 2> kTableOffsets{kTableOffset, kHighTableOffset};

ByteView from(ByteView image, std::size_t offset) {
  return offset < image.size() ? image.subspan(offset) : ByteView();
}

bool is_primary_table(ByteView bytes, std::uint32_t offset) {
  const PartitionTable table = read_partition_table(bytes, offset);
  return is_clean(table.faults) && find_partition(table.partitions, kCustomizedPartition) != nullptr;
}

// Where the primary table is: the first place with a sound one of ESP-AT, else the first that begins like one.
std::optional<std::uint32_t> table_offset(ByteView image) {
  std::optional<std::uint32_t> likely;
  for (const std::uint32_t offset : kTableOffsets) {
    if (!looks_like_partition_table(from(image, offset))) continue;
    if (is_primary_table(from(image, offset), offset)) return offset;
    if (!likely) likely = offset;
  }
  return likely;
}

// The table at `offset`, judged by where the primary one lies.
std::vector<Partition> read_table(ByteView image, std::size_t offset, std::uint32_t primary,
                                  std::vector<Fault>& faults) {
  if (offset >= image.size()) {
    faults.push_back({FaultLevel::error, image.size(),
                      fmt::format("the file ends before the customized partition table at 0x{:X}", offset)});
    return {};
  }
  PartitionTable table = read_partition_table(from(image, offset), primary);
  for (Fault& fault : table.faults) {
    fault.offset += offset;
    faults.push_back(std::move(fault));
  }
  return std::move(table.partitions);
}

void check_ends(const std::vector<Partition>& partitions, std::size_t size, std::vector<Fault>& faults) {
  for (const Partition& partition : partitions) {
    const std::uint64_t end = std::uint64_t{partition.offset} + partition.size;
    if (end <= size) continue;
    faults.push_back({FaultLevel::note, size,
                      fmt::format("partition {} ends at 0x{:X}, the file at 0x{:X}", partition.name, end, size)});
  }
}

}  // namespace

const Partition* FactoryImage::find(std::string_view partition) const {
  const Partition* found = find_partition(customized, partition);
  return found != nullptr ? found : find_partition(primary, partition);
}

std::optional<Generation> FactoryImage::generation() const {
  if (find(kNvsPartition) != nullptr) return Generation::nvs;
  const auto is_pki = [](const Partition& partition) {
    return partition.name.ends_with("_cert") || partition.name.ends_with("_key") || partition.name.ends_with("_ca");
  };
  if (std::any_of(customized.begin(), customized.end(), is_pki)) return Generation::pki;
  return std::nullopt;
}

FactoryImage read_factory_image(ByteView image) {
  FactoryImage out;
  const auto offset = table_offset(image);
  if (!offset) {
    out.faults.push_back({FaultLevel::error, kTableOffsets[0], "no partition table at 0x8000 or 0xC000"});
    return out;
  }
  out.table_offset = *offset;
  out.primary = read_table(image, *offset, *offset, out.faults);
  check_ends(out.primary, image.size(), out.faults);
  if (const Partition* customized = find_partition(out.primary, kCustomizedPartition)) {
    const std::size_t table = customized->offset;
    out.customized = read_table(image, table, *offset, out.faults);
    for (PartitionFlaw& flaw : judge_customized(out.customized, out.primary)) {
      out.faults.push_back({FaultLevel::error, table + flaw.index * kPartitionEntrySize, std::move(flaw.what)});
    }
    check_ends(out.customized, image.size(), out.faults);
  }
  return out;
}

bool looks_like_factory_image(ByteView image) {
  return table_offset(image).has_value();
}

}  // namespace atcert::image
