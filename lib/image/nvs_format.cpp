// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_format.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/core.h>
#include <zlib.h>

#include "base/plural.hpp"
#include "image/little_endian.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kCrcOffset = 4;
constexpr std::size_t kKeyOffset = 8;
constexpr std::size_t kKeyField = 16;
constexpr std::size_t kValueOffset = 24;

std::uint32_t crc_on(std::uint32_t crc, ByteView bytes) {
  if (bytes.empty()) return crc;  // zlib starts anew when it is given a null pointer
  return static_cast<std::uint32_t>(crc32(crc, bytes.data(), static_cast<uInt>(bytes.size())));
}

std::uint32_t entry_crc(ByteView bytes) {
  return crc_on(nvs_crc(bytes.first(kCrcOffset)), bytes.subspan(kKeyOffset));
}

bool is_blank_bytes(ByteView bytes) {
  // The first is, and each is as the next one: a comparison of memory, several times faster than one of bytes.
  return bytes.front() == 0xFF && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

std::string data_fault(const NvsEntry& entry, std::size_t index) {
  if (entry.type == NvsType::blob_data && entry.chunk == kNvsNoChunk) return "a blob chunk without a number";
  const std::size_t span = 1 + nvs_entries_for(entry.data_size());
  if (entry.span != span)
    return fmt::format("{} of data cannot make a span of {}", counted(entry.data_size(), "byte"), entry.span);
  if (index + span > kNvsEntryCount) return fmt::format("a span of {} crosses the end of the page", span);
  return {};
}

}  // namespace

std::string_view name_of(NvsType type) {
  switch (type) {
    case NvsType::u8:
      return "u8";
    case NvsType::u16:
      return "u16";
    case NvsType::u32:
      return "u32";
    case NvsType::u64:
      return "u64";
    case NvsType::i8:
      return "i8";
    case NvsType::i16:
      return "i16";
    case NvsType::i32:
      return "i32";
    case NvsType::i64:
      return "i64";
    case NvsType::string:
      return "string";
    case NvsType::blob:
      return "blob";
    case NvsType::blob_data:
      return "blob data";
    case NvsType::blob_index:
      return "blob index";
  }
  return {};
}

std::size_t integer_size(NvsType type) {
  const auto value = static_cast<std::size_t>(type);
  return name_of(type).empty() || value >= static_cast<std::size_t>(NvsType::string) ? 0 : value & 0x0F;
}

bool has_data(NvsType type) {
  return type == NvsType::string || type == NvsType::blob || type == NvsType::blob_data;
}

std::uint32_t nvs_crc(ByteView bytes) {
  return crc_on(0xFFFFFFFF, bytes);
}

std::uint16_t NvsEntry::data_size() const {
  return get_u16(value, 0);
}
std::uint32_t NvsEntry::data_crc() const {
  return get_u32(value, 4);
}
std::uint32_t NvsEntry::blob_size() const {
  return get_u32(value, 0);
}
std::uint8_t NvsEntry::chunk_count() const {
  return value[4];
}
std::uint8_t NvsEntry::first_chunk() const {
  return value[5];
}

NvsEntry integer_entry(std::uint8_t space, std::string_view key, NvsType type, ByteView value) {
  NvsEntry entry{.space = space, .type = type, .key = std::string(key)};
  std::copy(value.begin(), value.end(), entry.value.begin());
  return entry;
}

NvsEntry data_entry(std::uint8_t space, std::string_view key, NvsType type, std::uint8_t chunk, ByteView data) {
  NvsEntry entry{.space = space, .type = type, .chunk = chunk, .key = std::string(key)};
  entry.span = static_cast<std::uint8_t>(1 + nvs_entries_for(data.size()));
  put_u16(entry.value, 0, static_cast<std::uint16_t>(data.size()));
  put_u32(entry.value, 4, nvs_crc(data));
  return entry;
}

NvsEntry index_entry(std::uint8_t space, std::string_view key, std::size_t size, std::uint8_t chunks,
                     std::uint8_t first_chunk) {
  NvsEntry entry{.space = space, .type = NvsType::blob_index, .key = std::string(key)};
  put_u32(entry.value, 0, static_cast<std::uint32_t>(size));
  entry.value[4] = chunks;
  entry.value[5] = first_chunk;
  return entry;
}

NvsEntryBytes encode(const NvsEntry& entry) {
  NvsEntryBytes bytes{entry.space, static_cast<std::uint8_t>(entry.type), entry.span, entry.chunk};
  std::copy_n(entry.key.begin(), std::min(entry.key.size(), kNvsMaxKeySize), bytes.begin() + kKeyOffset);
  std::copy(entry.value.begin(), entry.value.end(), bytes.begin() + kValueOffset);
  put_u32(bytes, kCrcOffset, entry_crc(bytes));
  return bytes;
}

NvsEntry decode_nvs_entry(ByteView bytes) {
  NvsEntry entry;
  entry.space = bytes[0];
  entry.type = static_cast<NvsType>(bytes[1]);
  entry.span = bytes[2];
  entry.chunk = bytes[3];
  const std::string_view key = as_text(bytes.subspan(kKeyOffset, kKeyField));
  entry.key = key.substr(0, std::min(key.find('\0'), kNvsMaxKeySize));
  std::copy_n(bytes.begin() + kValueOffset, entry.value.size(), entry.value.begin());
  return entry;
}

std::string nvs_entry_fault(ByteView bytes, std::size_t index) {
  const std::uint32_t crc = entry_crc(bytes);
  if (crc != get_u32(bytes, kCrcOffset)) {
    return fmt::format("its CRC is 0x{:08X}, not 0x{:08X}", get_u32(bytes, kCrcOffset), crc);
  }
  const NvsEntry entry = decode_nvs_entry(bytes);
  if (name_of(entry.type).empty()) return fmt::format("unknown type 0x{:02X}", bytes[1]);
  if (has_data(entry.type)) return data_fault(entry, index);
  if (entry.span != 1) return fmt::format("a span of {} where there is no data", entry.span);
  if (entry.type == NvsType::blob_index && entry.chunk != kNvsNoChunk) return "a blob index with a chunk number";
  return {};
}

NvsHeaderBytes encode_nvs_header(NvsPageState state, std::uint32_t sequence) {
  NvsHeaderBytes bytes;
  bytes.fill(0xFF);
  put_u32(bytes, 0, static_cast<std::uint32_t>(state));
  put_u32(bytes, 4, sequence);
  bytes[8] = kNvsVersion2;
  put_u32(bytes, 28, nvs_crc(ByteView(bytes).subspan(4, 24)));
  return bytes;
}

std::uint32_t NvsPageView::state_word() const {
  return get_u32(page_, 0);
}

std::uint32_t NvsPageView::sequence() const {
  return get_u32(page_, 4);
}

bool NvsPageView::header_crc_ok() const {
  return nvs_crc(page_.subspan(4, 24)) == get_u32(page_, 28);
}

bool NvsPageView::is_blank() const {
  return is_blank_bytes(page_);
}

bool NvsPageView::is_used() const {
  const NvsPageState now = state();
  const bool known = now == NvsPageState::active || now == NvsPageState::full || now == NvsPageState::freeing;
  return known && header_crc_ok() && (version() == kNvsVersion1 || version() == kNvsVersion2);
}

NvsEntryState NvsPageView::entry_state(std::size_t index) const {
  return static_cast<NvsEntryState>(page_[kNvsBitmapOffset + index / 4] >> (index % 4 * 2) & 3);
}

ByteView NvsPageView::entry(std::size_t index) const {
  return page_.subspan(nvs_entry_offset(index), kNvsEntrySize);
}

bool NvsPageView::entry_blank(std::size_t index) const {
  return is_blank_bytes(entry(index));
}

bool NvsPageView::entries_blank() const {
  return is_blank_bytes(page_.subspan(kNvsHeaderSize));
}

ByteView NvsPageView::data(std::size_t index, std::size_t size) const {
  return page_.subspan(nvs_entry_offset(index + 1), size);
}

bool NvsPageView::all_written(std::size_t first, std::size_t end) const {
  for (std::size_t i = first; i < end; ++i) {
    if (entry_state(i) != NvsEntryState::written) return false;
  }
  return true;
}

}  // namespace atcert::image
