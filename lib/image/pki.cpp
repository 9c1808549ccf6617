// SPDX-License-Identifier: Apache-2.0
#include "image/pki.hpp"

#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "base/plural.hpp"
#include "image/little_endian.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kMaxItems = 256;  // ids are one byte
constexpr Release kFirstUntyped{{2, 2, 0, 0}};
constexpr Release kLastUntyped{{2, 4, 0, 0}};

std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

Error pki_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

Result<void> check_contents(std::span<const PkiContent> contents, std::size_t partition_size) {
  if (contents.empty() || contents.size() > kMaxItems) {
    return pki_error("pki_item_count", fmt::format("a PKI bin cannot hold {} items", contents.size()),
                     fmt::format("give 1 to {} certificates or keys", kMaxItems));
  }
  std::size_t size = kPkiHeaderSize;
  for (const auto& item : contents) {
    if (item.content.size() > kPkiMaxContentSize) {
      return pki_error(
          "pki_item_too_large",
          fmt::format("a PKI item has {} bytes, the format takes {}", item.content.size(), kPkiMaxContentSize),
          "leave out what does not belong there: each file holds one certificate chain or one key");
    }
    size += kPkiItemHeaderSize + padded(item.content.size());
  }
  if (size > partition_size) {
    return pki_error("pki_bin_too_large",
                     fmt::format("the PKI bin has {} bytes, its partition {}", size, partition_size),
                     "use shorter credentials: an EC key, or a chain without the certificates that the broker has");
  }
  return {};
}

struct TypedContent {
  std::uint8_t type = 0;
  ByteView content;
};

// Stable order: by the first appearance of each type byte.
std::vector<TypedContent> grouped(std::span<const PkiContent> contents, const Release& release) {
  std::vector<TypedContent> ordered;
  for (const auto& item : contents) {
    const std::uint8_t type = pki_type_byte(item.type, release);
    const auto last =
        std::find_if(ordered.rbegin(), ordered.rend(), [&](const TypedContent& other) { return other.type == type; });
    ordered.insert(last == ordered.rend() ? ordered.end() : last.base(), {type, item.content});
  }
  return ordered;
}

void append_item(Secret& bin, const TypedContent& item, std::uint8_t id) {
  std::uint8_t header[kPkiItemHeaderSize] = {item.type, id};
  put_u16(header, 2, static_cast<std::uint16_t>(item.content.size()));
  bin.append(header);
  bin.append(item.content);
  const Bytes padding(padded(item.content.size()) - item.content.size(), 0xFF);
  bin.append(padding);
}

bool is_erased(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0xFF; });
}

// What the last item says of itself, and the padding up to `end`.
void check_item(ByteView bytes, std::size_t end, PkiBin& bin) {
  const PkiItem& item = bin.items.back();
  const std::size_t header = item.offset - kPkiItemHeaderSize;
  if (item.type < static_cast<std::uint8_t>(PkiType::ca) || item.type > static_cast<std::uint8_t>(PkiType::key)) {
    bin.faults.push_back({FaultLevel::error, header, fmt::format("unknown item type {}", item.type)});
  }
  const PkiItem* before = bin.items.size() > 1 ? &bin.items.end()[-2] : nullptr;
  const int id = before != nullptr && before->type == item.type ? before->id + 1 : 0;
  if (item.id != id) {
    bin.faults.push_back({FaultLevel::note, header + 1, fmt::format("an item has id {}, not {}", item.id, id)});
  }
  const std::size_t content_end = item.offset + item.content.size();
  if (!is_erased(bytes.subspan(content_end, end - content_end))) {
    bin.faults.push_back({FaultLevel::note, content_end, "the padding of an item is not 0xFF"});
  }
}

// Reads the items behind the header; `limit` is where they end.
void read_items(ByteView bytes, std::size_t count, std::size_t limit, PkiBin& bin) {
  std::size_t at = kPkiHeaderSize;
  for (std::size_t i = 0; i < count; ++i) {
    if (limit - at < kPkiItemHeaderSize) {
      bin.faults.push_back({FaultLevel::error, at, fmt::format("item {} of {} is missing", i + 1, count)});
      return;
    }
    const std::size_t size = get_u16(bytes, at + 2);
    const std::size_t start = at + kPkiItemHeaderSize;
    if (size > limit - start) {
      bin.faults.push_back(
          {FaultLevel::error, at,
           fmt::format("item {} says {}, the rest has {}", i + 1, counted(size, "byte"), limit - start)});
      return;
    }
    bin.items.push_back({bytes[at], bytes[at + 1], start, bytes.subspan(start, size)});
    at = std::min(start + padded(size), limit);
    if (at != start + padded(size)) bin.faults.push_back({FaultLevel::note, at, "the last item is not padded"});
    check_item(bytes, at, bin);
    bin.size = at;
  }
  if (at != limit) {
    bin.faults.push_back({FaultLevel::error, at, fmt::format("{} behind the last item", counted(limit - at, "byte"))});
  }
}

}  // namespace

std::uint8_t pki_type_byte(PkiType type, const Release& release) {
  const bool untyped = kFirstUntyped <= release && release <= kLastUntyped;
  return static_cast<std::uint8_t>(untyped ? PkiType::certificate : type);
}

Result<Secret> write_pki_bin(std::span<const PkiContent> contents, const Release& release, std::size_t partition_size) {
  ATCERT_CHECK(check_contents(contents, partition_size));
  Secret bin = Secret::of_size(kPkiHeaderSize);
  const std::vector<TypedContent> ordered = grouped(contents, release);
  std::uint8_t id = 0;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    const bool new_type = i == 0 || ordered[i].type != ordered[i - 1].type;
    id = new_type ? std::uint8_t{0} : static_cast<std::uint8_t>(id + 1);
    append_item(bin, ordered[i], id);
  }
  put_u16(bin.writable(), 0, kPkiMagic);
  put_u16(bin.writable(), 2, static_cast<std::uint16_t>(ordered.size()));
  put_u32(bin.writable(), 4, static_cast<std::uint32_t>(bin.size() - kPkiHeaderSize));
  return bin;
}

bool looks_like_pki_bin(ByteView bytes) {
  return bytes.size() >= kPkiHeaderSize && get_u16(bytes, 0) == kPkiMagic;
}

PkiBin read_pki_bin(ByteView bytes) {
  PkiBin bin;
  if (!looks_like_pki_bin(bytes)) {
    bin.faults.push_back({FaultLevel::error, 0,
                          bytes.size() < kPkiHeaderSize
                              ? fmt::format("{} cannot hold a PKI bin", counted(bytes.size(), "byte"))
                              : fmt::format("no PKI bin: the magic is 0x{:04X}, not 0xF1F1", get_u16(bytes, 0))});
    return bin;
  }
  bin.size = kPkiHeaderSize;
  const std::size_t room = bytes.size() - kPkiHeaderSize;
  std::size_t size = get_u32(bytes, 4);
  if (size > room) {
    bin.faults.push_back(
        {FaultLevel::error, 4, fmt::format("the items have {}, there is room for {}", counted(size, "byte"), room)});
    size = room;
  }
  read_items(bytes, get_u16(bytes, 2), kPkiHeaderSize + size, bin);
  const ByteView behind = bytes.subspan(kPkiHeaderSize + size);
  const auto dirty = std::find_if(behind.begin(), behind.end(), [](std::uint8_t byte) { return byte != 0xFF; });
  if (dirty != behind.end()) {
    const auto offset = kPkiHeaderSize + size + static_cast<std::size_t>(dirty - behind.begin());
    bin.faults.push_back({FaultLevel::note, offset, "the rest of the partition is not erased"});
  }
  return bin;
}

}  // namespace atcert::image
