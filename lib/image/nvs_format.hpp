// SPDX-License-Identifier: Apache-2.0
// The bytes of ESP-IDF's non-volatile storage, format version 2 (ESP-IDF Programming Guide, "Non-Volatile Storage
// Library", section "Internals").
//
//   page, 4096 bytes: 32-byte header | 32-byte bitmap, 2 bits an entry | 126 entries of 32 bytes
//   header: u32 state | u32 sequence | u8 version 0xFE | 19 x 0xFF | u32 CRC of bytes 4..27
//   entry:  u8 namespace | u8 type | u8 span | u8 chunk | u32 CRC of bytes 0..3 and 8..31 | 16-byte key | 8-byte value
//   value of strings and blob chunks: u16 size | 0xFFFF | u32 CRC of the data, which fills the next entries
//   value of a blob index: u32 size | u8 chunks | u8 first chunk | 0xFFFF
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace atcert::image {

inline constexpr std::size_t kNvsPageSize = 4096;
inline constexpr std::size_t kNvsHeaderSize = 32;
inline constexpr std::size_t kNvsBitmapOffset = 32;
inline constexpr std::size_t kNvsEntriesOffset = 64;
inline constexpr std::size_t kNvsEntrySize = 32;
inline constexpr std::size_t kNvsEntryCount = 126;
inline constexpr std::size_t kNvsMaxDataSize = (kNvsEntryCount - 1) * kNvsEntrySize;  // behind one entry, in one page
inline constexpr std::size_t kNvsMaxKeySize = 15;
inline constexpr std::uint8_t kNvsVersion1 = 0xFF;
inline constexpr std::uint8_t kNvsVersion2 = 0xFE;
inline constexpr std::uint8_t kNvsNoChunk = 0xFF;
inline constexpr std::uint8_t kNvsSecondVersion = 128;  // chunks of a blob count from 0, its next version's from 128

// Flash bits can only be cleared, so each state has fewer ones than the one before it.
enum class NvsPageState : std::uint32_t {
  blank = 0xFFFFFFFF,
  active = 0xFFFFFFFE,   // takes entries
  full = 0xFFFFFFFC,     // takes no more
  freeing = 0xFFFFFFF8,  // its entries are being copied to a new page
};

enum class NvsEntryState : std::uint8_t { erased = 0, illegal = 1, written = 2, empty = 3 };

// The names of the API's types; a blob is stored as chunks (blob_data) and an index, in format 1 in one piece (blob).
enum class NvsType : std::uint8_t {
  u8 = 0x01,
  u16 = 0x02,
  u32 = 0x04,
  u64 = 0x08,
  i8 = 0x11,
  i16 = 0x12,
  i32 = 0x14,
  i64 = 0x18,
  string = 0x21,
  blob = 0x41,
  blob_data = 0x42,
  blob_index = 0x48,
};

// "u8", "string", "blob"
std::string_view name_of(NvsType type);
// The bytes of an integer's value; 0 for types of variable length.
std::size_t integer_size(NvsType type);
// Whether data follows the entry.
bool has_data(NvsType type);

// CRC-32 as the module's ROM and Espressif's tools compute it: zlib's, with 0xFFFFFFFF as the value before.
std::uint32_t nvs_crc(ByteView bytes);

struct NvsEntry {
  std::uint8_t space = 0;
  NvsType type = NvsType::u8;
  std::uint8_t span = 1;  // entries, with those of the data
  std::uint8_t chunk = kNvsNoChunk;
  std::string key;
  std::array<std::uint8_t, 8> value{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

  std::uint16_t data_size() const;   // strings and chunks
  std::uint32_t data_crc() const;    // strings and chunks
  std::uint32_t blob_size() const;   // blob index
  std::uint8_t chunk_count() const;  // blob index
  std::uint8_t first_chunk() const;  // blob index
};

NvsEntry integer_entry(std::uint8_t space, std::string_view key, NvsType type, ByteView value);
NvsEntry data_entry(std::uint8_t space, std::string_view key, NvsType type, std::uint8_t chunk, ByteView data);
NvsEntry index_entry(std::uint8_t space, std::string_view key, std::size_t size, std::uint8_t chunks,
                     std::uint8_t first_chunk);

using NvsEntryBytes = std::array<std::uint8_t, kNvsEntrySize>;
NvsEntryBytes encode(const NvsEntry& entry);
NvsEntry decode_nvs_entry(ByteView bytes);
// What is wrong with the bytes of entry `index` of a page; empty if nothing is. The firmware ignores entries with such
// a fault.
std::string nvs_entry_fault(ByteView bytes, std::size_t index);

using NvsHeaderBytes = std::array<std::uint8_t, kNvsHeaderSize>;
NvsHeaderBytes encode_nvs_header(NvsPageState state, std::uint32_t sequence);

// One page to be read.
class NvsPageView {
 public:
  explicit NvsPageView(ByteView page) : page_(page.first(kNvsPageSize)) {}

  std::uint32_t state_word() const;
  NvsPageState state() const { return static_cast<NvsPageState>(state_word()); }
  std::uint32_t sequence() const;
  std::uint8_t version() const { return page_[8]; }
  bool header_crc_ok() const;
  bool is_blank() const;
  // In one of the three states in which entries count, with a good header.
  bool is_used() const;

  NvsEntryState entry_state(std::size_t index) const;
  ByteView entry(std::size_t index) const;
  bool entry_blank(std::size_t index) const;
  // Whether nothing stands behind the header.
  bool entries_blank() const;
  // The first byte of the data behind entry `index` and `size` of them.
  ByteView data(std::size_t index, std::size_t size) const;
  // Whether the entries from `first` to before `end` are all written.
  bool all_written(std::size_t first, std::size_t end) const;

 private:
  ByteView page_;
};

inline std::size_t nvs_entry_offset(std::size_t index) {
  return kNvsEntriesOffset + index * kNvsEntrySize;
}
inline std::size_t nvs_entries_for(std::size_t data_size) {
  return (data_size + kNvsEntrySize - 1) / kNvsEntrySize;
}

}  // namespace atcert::image
