// SPDX-License-Identifier: Apache-2.0
#include "emulator/credential_reader.hpp"

#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "image/little_endian.hpp"
#include "image/nvs_image.hpp"
#include "image/pki.hpp"

namespace atcert::emulator {
namespace {

// Only a blob counts, under the key that has the namespace's name, with an index behind it where there are several.
Credential from_nvs(ByteView partition, std::string_view space, const std::string& key) {
  const image::NvsImage stored = image::read_nvs(partition);
  const image::NvsItem* item = stored.find(space, key);
  if (item == nullptr || item->type != image::NvsType::blob || item->size() == 0) return {};
  return {StoredItem::good, item->value()};
}

// The item at that place, whatever its type says: what counts is the header and that its length fits.
Credential from_pki_bin(ByteView partition, unsigned index) {
  if (partition.size() < image::kPkiHeaderSize || image::get_u16(partition, 0) != image::kPkiMagic) return {};
  if (image::get_u16(partition, 2) <= index) return {};
  std::size_t at = image::kPkiHeaderSize;
  for (;; --index) {
    if (partition.size() - at < image::kPkiItemHeaderSize) return {};
    const std::size_t size = image::get_u16(partition, at + 2);
    if (size == 0) return {};
    at += image::kPkiItemHeaderSize;
    if (size > partition.size() - at) return {StoredItem::damaged, {}};
    if (index == 0) return {StoredItem::good, Secret(partition.subspan(at, size))};
    at = std::min(at + (size + 3) / 4 * 4, partition.size());  // items are padded
  }
}

}  // namespace

Credential read_credential(const Board& board, std::string_view slot, std::optional<unsigned> index) {
  if (const Partition* nvs = board.map.user(kMfgNvsName); nvs != nullptr) {
    return from_nvs(board.flash.read(nvs->offset, nvs->size), slot,
                    index ? fmt::format("{}.{}", slot, *index) : std::string(slot));
  }
  const Partition* raw = board.map.user(slot);
  if (raw == nullptr) return {};
  return from_pki_bin(board.flash.read(raw->offset, raw->size), index.value_or(0));
}

}  // namespace atcert::emulator
