// SPDX-License-Identifier: Apache-2.0
// Partition tables as ESP-IDF has them (Programming Guide, "Partition Tables"): CSV and binary. ESP-AT has two of them
// in the same form: the primary one, and a customized one at the start of the partition at_customize.
//
//   entry: AA 50 | u8 type | u8 subtype | u32 offset | u32 size | 16-byte name | u32 flags
//   MD5 record, which may be missing: EB EB | 14 x FF | MD5 of all entries before it
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/fault.hpp"

namespace atcert::image {

inline constexpr std::size_t kPartitionTableSize = 0xC00;
inline constexpr std::size_t kPartitionEntrySize = 32;
inline constexpr std::uint8_t kDataPartition = 0x01;
inline constexpr std::uint8_t kNvsSubtype = 0x02;
inline constexpr std::uint32_t kEncryptedFlag = 1;
inline constexpr std::uint32_t kReadOnlyFlag = 2;

// Where the primary table lies: CONFIG_PARTITION_TABLE_OFFSET of ESP-AT's module_config/, releases 2.0 to 5.0.1.
inline constexpr std::uint32_t kTableOffset = 0x8000;
inline constexpr std::uint32_t kHighTableOffset = 0xC000;  // of ESP32-C5 and ESP32-C61, from 5.0
std::uint32_t table_offset_of(std::string_view chip);

struct Partition {
  std::string name;
  std::uint8_t type = 0;
  std::uint8_t subtype = 0;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t flags = 0;

  bool is_read_only() const { return (flags & kReadOnlyFlag) != 0; }

  friend bool operator==(const Partition&, const Partition&) = default;
};

// "app/ota_0", "data/nvs", "0x40/0x02"
std::string type_name(const Partition& partition);

const Partition* find_partition(std::span<const Partition> partitions, std::string_view name);

// A table as CSV. Offsets that are left out follow the partition before, as ESP-IDF's tool places them; a negative size
// is the offset of the end. Errors name the line: a bad number, type or name, and what partition_rules.hpp has.
Result<std::vector<Partition>> parse_partition_csv(std::string_view text, std::uint32_t table_offset = kTableOffset);

// Whether `text` begins like such CSV, sound or not.
bool looks_like_partition_csv(std::string_view text);

struct PartitionTable {
  std::vector<Partition> partitions;
  bool has_md5 = false;
  std::vector<Fault> faults;
};

// Reads a binary table as far as it can be read. A sound one is judged by partition_rules.hpp.
PartitionTable read_partition_table(ByteView bytes, std::uint32_t table_offset = kTableOffset);
// Whether `bytes` begin like a binary table.
bool looks_like_partition_table(ByteView bytes);

// A binary table, padded with 0xFF to 0xC00 bytes. Errors: too many partitions, a name over 16 bytes.
Result<Bytes> write_partition_table(std::span<const Partition> partitions, bool with_md5);

}  // namespace atcert::image
