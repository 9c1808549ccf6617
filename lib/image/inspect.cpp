// SPDX-License-Identifier: Apache-2.0
#include "image/inspect.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "image/factory_image.hpp"
#include "image/nvs_image.hpp"
#include "image/pki.hpp"

namespace atcert::image {
namespace {

// Namespaces whose values may be shown: parameters of the module, and its BLE services.
constexpr std::string_view kShownSpaces[] = {"factory_param", "ble_data"};

bool is_shown(std::string_view space) {
  return std::find(std::begin(kShownSpaces), std::end(kShownSpaces), space) != std::end(kShownSpaces);
}

std::string number_text(NvsType type, ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  const bool is_signed = (static_cast<unsigned>(type) & 0x10U) != 0;
  if (!is_signed) return std::to_string(value);
  const auto unused_bits = static_cast<unsigned>(64 - 8 * bytes.size());
  return std::to_string(static_cast<std::int64_t>(value << unused_bits) >> unused_bits);
}

std::string text_of(const NvsItem& item) {
  if (!is_shown(item.space)) return {};
  if (integer_size(item.type) != 0) return number_text(item.type, item.parts[0]);
  return item.type == NvsType::string ? std::string(as_text(item.parts[0])) : std::string();
}

// The part of an image that is read, and where it lies.
struct Part {
  std::string partition;
  std::size_t offset = 0;
  ByteView bytes;
};

void add_faults(const Part& part, const std::vector<Fault>& faults, Inspection& out) {
  const std::string place = part.partition.empty() ? "" : part.partition + ": ";
  for (const Fault& fault : faults) out.faults.push_back({fault.level, part.offset + fault.offset, place + fault.what});
}

// A page that is cut short is read as if the rest of it were erased.
Secret whole_pages(const Part& part, Inspection& out) {
  const std::size_t missing = (kNvsPageSize - part.bytes.size() % kNvsPageSize) % kNvsPageSize;
  if (missing == 0) return {};
  const std::size_t end = part.offset + part.bytes.size();
  out.faults.push_back({FaultLevel::error, end, fmt::format("the last page is cut: {} bytes are missing", missing)});
  Secret whole(part.bytes);
  whole.append(Bytes(missing, 0xFF));
  return whole;
}

void read_nvs_part(const Part& part, Inspection& out) {
  const Secret padded = whole_pages(part, out);
  const NvsImage image = read_nvs(padded.empty() ? part.bytes : padded.reveal());
  add_faults(part, image.faults, out);
  InspectedNvs summary{part.partition, image.pages.size(), image.spaces.size(), 0, 0};
  for (const NvsPage& page : image.pages) {
    if (page.valid && page.state != NvsPageState::blank) summary.used_entries += page.written;
  }
  const std::size_t usable = image.pages.size() > 1 ? image.pages.size() - 1 : image.pages.size();
  summary.free_entries = usable * kNvsEntryCount - std::min(usable * kNvsEntryCount, summary.used_entries);
  out.nvs.push_back(std::move(summary));
  for (const NvsItem& item : image.items) {
    out.items.push_back({part.partition, item.space, item.key, std::string(name_of(item.type)),
                         part.offset + item.offset, text_of(item), item.value()});
  }
}

void read_pki_part(const Part& part, Inspection& out) {
  const PkiBin bin = read_pki_bin(part.bytes);
  add_faults(part, bin.faults, out);
  for (std::size_t i = 0; i < bin.items.size(); ++i) {
    const PkiItem& item = bin.items[i];
    out.items.push_back({part.partition,
                         part.partition,
                         std::to_string(i),
                         fmt::format("PKI type {}", item.type),
                         part.offset + item.offset,
                         {},
                         Secret(item.content)});
  }
}

void read_partition(const Partition& partition, ByteView image, Inspection& out) {
  if (partition.offset >= image.size()) return;
  const std::size_t size = std::min<std::size_t>(partition.size, image.size() - partition.offset);
  const Part part{partition.name, partition.offset, image.subspan(partition.offset, size)};
  const bool nvs = partition.type == kDataPartition && partition.subtype == kNvsSubtype;
  if (nvs && partition.name == kNvsPartition) {
    read_nvs_part(part, out);
  } else if (looks_like_pki_bin(part.bytes)) {
    read_pki_part(part, out);
  }
}

void read_factory(ByteView bytes, Inspection& out) {
  const FactoryImage factory = read_factory_image(bytes);
  out.partitions = factory.primary;
  out.partitions.insert(out.partitions.end(), factory.customized.begin(), factory.customized.end());
  out.faults = factory.faults;
  for (const Partition& partition : factory.customized) read_partition(partition, bytes, out);
}

void read_table(ByteView bytes, Inspection& out) {
  PartitionTable table = read_partition_table(bytes);
  out.partitions = std::move(table.partitions);
  out.faults = std::move(table.faults);
}

// Whether the header of a page is there, though the page may be cut.
bool begins_like_nvs(ByteView bytes) {
  if (bytes.size() < kNvsHeaderSize) return false;
  Secret page(bytes.first(std::min(bytes.size(), kNvsPageSize)));
  page.append(Bytes(kNvsPageSize - page.size(), 0xFF));
  return looks_like_nvs(page.reveal());
}

ImageKind kind_of(ByteView bytes) {
  if (looks_like_pki_bin(bytes)) return ImageKind::pki_bin;
  if (looks_like_partition_table(bytes)) return ImageKind::partition_table;
  if (looks_like_factory_image(bytes)) return ImageKind::factory_image;
  if (begins_like_nvs(bytes)) return ImageKind::nvs;
  // The first page of an NVS partition may be the free one, or damaged.
  for (std::size_t at = 0; at + kNvsPageSize <= bytes.size(); at += kNvsPageSize) {
    if (looks_like_nvs(bytes.subspan(at))) return ImageKind::nvs;
  }
  return ImageKind::unknown;
}

}  // namespace

std::string_view name_of(ImageKind kind) {
  switch (kind) {
    case ImageKind::unknown:
      return "unknown";
    case ImageKind::pki_bin:
      return "PKI bin";
    case ImageKind::nvs:
      return "NVS partition";
    case ImageKind::partition_table:
      return "partition table";
    case ImageKind::factory_image:
      return "factory image";
  }
  return {};
}

Inspection inspect(ByteView bytes) {
  Inspection out;
  out.kind = kind_of(bytes);
  if (out.kind == ImageKind::pki_bin) read_pki_part({{}, 0, bytes}, out);
  if (out.kind == ImageKind::nvs) read_nvs_part({{}, 0, bytes}, out);
  if (out.kind == ImageKind::partition_table) read_table(bytes, out);
  if (out.kind == ImageKind::factory_image) read_factory(bytes, out);
  return out;
}

}  // namespace atcert::image
