// SPDX-License-Identifier: Apache-2.0
#include "image/partition_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/digest.hpp"
#include "image/little_endian.hpp"
#include "image/partition_rules.hpp"
#include "image/partition_types.hpp"

namespace atcert::image {
namespace {

constexpr std::uint16_t kEntryMagic = 0x50AA;
constexpr std::uint16_t kMd5Magic = 0xEBEB;
constexpr std::size_t kMd5Offset = 16;
constexpr std::size_t kNameOffset = 12;
constexpr std::size_t kNameSize = 16;

Partition decode(ByteView bytes) {
  Partition partition;
  partition.type = bytes[2];
  partition.subtype = bytes[3];
  partition.offset = get_u32(bytes, 4);
  partition.size = get_u32(bytes, 8);
  const std::string_view name = as_text(bytes.subspan(kNameOffset, kNameSize));
  partition.name = name.substr(0, name.find('\0'));
  partition.flags = get_u32(bytes, 28);
  return partition;
}

void encode(const Partition& partition, std::span<std::uint8_t> bytes) {
  put_u16(bytes, 0, kEntryMagic);
  bytes[2] = partition.type;
  bytes[3] = partition.subtype;
  put_u32(bytes, 4, partition.offset);
  put_u32(bytes, 8, partition.size);
  std::fill_n(bytes.begin() + kNameOffset, kNameSize, std::uint8_t{0});
  std::copy(partition.name.begin(), partition.name.end(), bytes.begin() + kNameOffset);
  put_u32(bytes, 28, partition.flags);
}

// Behind the NUL that ends a name there is nothing for the firmware, and perhaps something for other readers.
bool name_goes_on(ByteView entry) {
  const ByteView name = entry.subspan(kNameOffset, kNameSize);
  const auto nul = std::find(name.begin(), name.end(), std::uint8_t{0});
  return std::any_of(nul, name.end(), [](std::uint8_t byte) { return byte != 0; });
}

bool is_blank(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0xFF; });
}

void check_md5(ByteView bytes, std::size_t offset, PartitionTable& table) {
  table.has_md5 = true;
  const auto digest = md5(bytes.first(offset));
  if (!std::equal(digest.begin(), digest.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset + kMd5Offset))) {
    table.faults.push_back({FaultLevel::error, offset + kMd5Offset, "the MD5 of the partition table is wrong"});
  }
}

PartitionTable read_entries(ByteView bytes) {
  PartitionTable table;
  for (std::size_t at = 0;; at += kPartitionEntrySize) {
    if (at + kPartitionEntrySize > std::min(bytes.size(), kPartitionTableSize)) {
      table.faults.push_back({FaultLevel::error, at, "the partition table has no end"});
      return table;
    }
    const ByteView entry = bytes.subspan(at, kPartitionEntrySize);
    const std::uint16_t magic = get_u16(entry, 0);
    if (is_blank(entry)) break;
    if (magic == kMd5Magic) {
      check_md5(bytes, at, table);
    } else if (magic == kEntryMagic && !table.has_md5) {
      table.partitions.push_back(decode(entry));
      if (name_goes_on(entry)) {
        table.faults.push_back({FaultLevel::error, at + kNameOffset, "a partition's name goes on behind a NUL"});
      }
    } else {
      table.faults.push_back({FaultLevel::error, at, fmt::format("no partition entry: magic 0x{:04X}", magic)});
      break;
    }
  }
  if (table.partitions.empty()) table.faults.push_back({FaultLevel::error, 0, "the partition table is empty"});
  return table;
}

}  // namespace

std::uint32_t table_offset_of(std::string_view chip) {
  return chip == "ESP32C5" || chip == "ESP32C61" ? kHighTableOffset : kTableOffset;
}

std::string type_name(const Partition& partition) {
  return partition_type_name(partition.type, partition.subtype);
}

const Partition* find_partition(std::span<const Partition> partitions, std::string_view name) {
  const auto found =
      std::find_if(partitions.begin(), partitions.end(), [&](const Partition& each) { return each.name == name; });
  return found == partitions.end() ? nullptr : &*found;
}

bool looks_like_partition_table(ByteView bytes) {
  return bytes.size() >= kPartitionEntrySize && get_u16(bytes, 0) == kEntryMagic;
}

PartitionTable read_partition_table(ByteView bytes, std::uint32_t table_offset) {
  PartitionTable table = read_entries(bytes);
  if (!table.faults.empty()) return table;
  for (PartitionFlaw& flaw : judge_partitions(table.partitions, table_offset)) {
    table.faults.push_back({FaultLevel::error, flaw.index * kPartitionEntrySize, std::move(flaw.what)});
  }
  return table;
}

Result<Bytes> write_partition_table(std::span<const Partition> partitions, bool with_md5) {
  const std::size_t most = kMostPartitions - (with_md5 ? 1 : 0);
  const auto too_long = [](const Partition& partition) { return partition.name.size() > kNameSize; };
  if (partitions.size() > most || std::any_of(partitions.begin(), partitions.end(), too_long)) {
    return Error{ErrorKind::input,
                 "partition_table",
                 "the partition table has too many partitions or too long names",
                 {},
                 fmt::format("use at most {} partitions, names of at most {} bytes", most, kNameSize)};
  }
  Bytes bytes(kPartitionTableSize, 0xFF);
  std::size_t at = 0;
  for (const Partition& partition : partitions) {
    encode(partition, std::span(bytes).subspan(at, kPartitionEntrySize));
    at += kPartitionEntrySize;
  }
  if (with_md5) {
    const auto digest = md5(ByteView(bytes).first(at));
    put_u16(bytes, at, kMd5Magic);
    std::copy(digest.begin(), digest.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at + kMd5Offset));
  }
  return bytes;
}

}  // namespace atcert::image
