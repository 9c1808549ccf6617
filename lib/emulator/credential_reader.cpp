// SPDX-License-Identifier: Apache-2.0
#include "emulator/credential_reader.hpp"

#include <string>

#include "image/little_endian.hpp"
#include "image/nvs_image.hpp"
#include "image/pki.hpp"

namespace atcert::emulator {
namespace {

// Only a blob counts, under the key that has the namespace's name.
Credential from_nvs(ByteView partition, std::string_view name) {
  const image::NvsImage stored = image::read_nvs(partition);
  const image::NvsItem* item = stored.find(name, name);
  if (item == nullptr || item->type != image::NvsType::blob || item->size() == 0) return {};
  return {StoredItem::good, item->value()};
}

// The first item, whatever its type says: what counts is the header and that its length fits.
Credential from_pki_bin(ByteView partition) {
  constexpr std::size_t kStart = image::kPkiHeaderSize + image::kPkiItemHeaderSize;
  if (partition.size() < kStart || image::get_u16(partition, 0) != image::kPkiMagic) return {};
  const std::size_t size = image::get_u16(partition, image::kPkiHeaderSize + 2);
  if (image::get_u16(partition, 2) == 0 || size == 0) return {};
  if (size > partition.size() - kStart) return {StoredItem::damaged, {}};
  return {StoredItem::good, Secret(partition.subspan(kStart, size))};
}

}  // namespace

Credential read_credential(const Board& board, std::string_view name) {
  if (const Partition* nvs = board.map.user(kMfgNvsName); nvs != nullptr) {
    return from_nvs(board.flash.read(nvs->offset, nvs->size), name);
  }
  const Partition* raw = board.map.user(name);
  if (raw == nullptr) return {};
  return from_pki_bin(board.flash.read(raw->offset, raw->size));
}

}  // namespace atcert::emulator
