// SPDX-License-Identifier: Apache-2.0
// PKI bins: the raw-data partitions that hold certificates and keys up to ESP-AT 3.0 (format: tools/AtPKI.py of
// ESP-AT).
//
//   u16 magic 0xF1F1 | u16 item count | u32 size of all items, padding included
//   per item: u8 type | u8 id | u16 content size | content | 0xFF up to a multiple of 4
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "image/fault.hpp"
#include "image/release.hpp"

namespace atcert::image {

inline constexpr std::uint16_t kPkiMagic = 0xF1F1;
inline constexpr std::size_t kPkiHeaderSize = 8;
inline constexpr std::size_t kPkiItemHeaderSize = 4;
inline constexpr std::size_t kPkiMaxContentSize = 65535;
inline constexpr std::size_t kPkiOverhead = kPkiHeaderSize + kPkiItemHeaderSize;  // of a bin with one item

enum class PkiType : std::uint8_t { ca = 1, certificate = 2, key = 3 };

// The type byte that the build of `release` writes: 2.2.0.0 to 2.4.0.0 write 2 for every item, the others the type.
std::uint8_t pki_type_byte(PkiType type, const Release& release);

struct PkiContent {
  PkiType type = PkiType::certificate;
  ByteView content;
};

// The bin of one partition, as the build of `release` makes it: items grouped by type in order of first appearance,
// ids counted from 0 per type. It may hold a private key, so it is a Secret. Errors: no item, an item too large for the
// format, a bin too large for the partition.
Result<Secret> write_pki_bin(std::span<const PkiContent> contents, const Release& release, std::size_t partition_size);

struct PkiItem {
  std::uint8_t type = 0;   // of no use from 2.2.0.0 to 2.4.0.0
  std::uint8_t id = 0;     // certificate and key of one pair have the same
  std::size_t offset = 0;  // of the content
  ByteView content;        // within the bytes that were read
};

struct PkiBin {
  std::size_t size = 0;  // what of the bytes belongs to the bin
  std::vector<PkiItem> items;
  std::vector<Fault> faults;
};

// Reads a bin, or a partition that begins with one and is erased (0xFF) behind it. The format has no checksum: a
// flipped byte of a content shows in the PEM that it holds, or in the certificate's fingerprint.
PkiBin read_pki_bin(ByteView bytes);

// Whether `bytes` begin like a PKI bin.
bool looks_like_pki_bin(ByteView bytes);

}  // namespace atcert::image
