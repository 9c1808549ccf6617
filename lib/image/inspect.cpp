// SPDX-License-Identifier: Apache-2.0
#include "image/inspect.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/plural.hpp"
#include "image/factory_image.hpp"
#include "image/factory_param.hpp"
#include "image/nvs_image.hpp"
#include "image/pki.hpp"

namespace atcert::image {
namespace {

// Namespaces whose strings are no secrets: parameters of the module, and its BLE services.
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
  if (integer_size(item.type) != 0) return number_text(item.type, item.parts[0]);
  if (!is_shown(item.space)) return {};
  return item.type == NvsType::string ? std::string(as_text(item.parts[0])) : std::string();
}

std::string words_of(const NvsItem& item, const std::string& text) {
  return item.space == kFactoryParamSpace ? factory_param_words({item.key, text}) : std::string();
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
  out.faults.push_back(
      {FaultLevel::error, end, fmt::format("the last page is cut: it lacks {}", counted(missing, "byte"))});
  Secret whole(part.bytes);
  whole.append(Bytes(missing, 0xFF));
  return whole;
}

InspectedNvs summary_of(const Part& part, const NvsImage& image) {
  InspectedNvs summary{part.partition, false, image.pages.size(), 0, 0};
  for (const NvsPage& page : image.pages) {
    if (page.valid && page.state != NvsPageState::blank) summary.used_entries += page.written;
  }
  const std::size_t usable = image.pages.size() > 1 ? image.pages.size() - 1 : image.pages.size();
  summary.free_entries = usable * kNvsEntryCount - std::min(usable * kNvsEntryCount, summary.used_entries);
  return summary;
}

// The partition with its entries decrypted. Where that cannot be, why not is noted, and the partition is as it was.
Secret plain_nvs(const Part& part, const NvsKeys* keys, Inspection& out) {
  Secret whole = whole_pages(part, out);
  const ByteView stored = whole.empty() ? part.bytes : whole.reveal();
  auto plain = open_nvs(stored, keys);
  if (plain) return std::move(*plain);
  out.keys = std::move(plain).error();
  return Secret(stored);
}

void read_nvs_part(const Part& part, const NvsKeys* keys, Inspection& out) {
  const Secret plain = plain_nvs(part, keys, out);
  const NvsImage image = read_nvs(plain.reveal());
  InspectedNvs summary = summary_of(part, image);
  const bool unread = looks_encrypted(plain.reveal());
  summary.encrypted = unread || (keys != nullptr && !out.keys);
  out.nvs.push_back(std::move(summary));
  if (unread) {
    add_faults(part, {{FaultLevel::error, 0, out.keys->what}}, out);
    return;
  }
  add_faults(part, image.faults, out);
  for (const NvsItem& item : image.items) {
    const std::string text = text_of(item);
    out.items.push_back({part.partition, item.space, item.key, std::string(name_of(item.type)),
                         part.offset + item.offset, text, words_of(item, text), item.value()});
  }
}

void read_param_part(const Part& part, Inspection& out) {
  const RawFactoryParams params = read_raw_factory_params(part.bytes);
  add_faults(part, params.faults, out);
  if (params.params.empty()) return;
  out.items.push_back({part.partition,
                       part.partition,
                       "version",
                       "number",
                       part.offset + kFactoryParamVersionOffset,
                       std::to_string(params.version),
                       {},
                       Secret(ByteView(&params.version, 1))});
  for (const FactoryParam& param : params.params) {
    const FactoryParamField& field = *find_factory_param(param.name);
    out.items.push_back({part.partition, part.partition, param.name, field.type == NvsType::string ? "text" : "number",
                         part.offset + field.offset, param.value, factory_param_words(param),
                         Secret(part.bytes.subspan(field.offset, field.size))});
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
                         {},
                         Secret(item.content)});
  }
}

void read_partition(const Partition& partition, ByteView image, const NvsKeys* keys, Inspection& out) {
  if (partition.offset >= image.size()) return;
  const std::size_t size = std::min<std::size_t>(partition.size, image.size() - partition.offset);
  const Part part{partition.name, partition.offset, image.subspan(partition.offset, size)};
  const bool nvs = partition.type == kDataPartition && partition.subtype == kNvsSubtype;
  if (nvs && partition.name == kNvsPartition) {
    read_nvs_part(part, keys, out);
  } else if (looks_like_pki_bin(part.bytes)) {
    read_pki_part(part, out);
  } else if (partition.name == kFactoryParamSpace && looks_like_factory_params(part.bytes)) {
    read_param_part(part, out);
  }
}

std::vector<Partition> in_order(std::vector<Partition> partitions) {
  std::stable_sort(partitions.begin(), partitions.end(),
                   [](const Partition& a, const Partition& b) { return a.offset < b.offset; });
  return partitions;
}

void read_factory(ByteView bytes, const NvsKeys* keys, Inspection& out) {
  const FactoryImage factory = read_factory_image(bytes);
  out.partitions = factory.primary;
  out.customized = factory.customized;
  out.faults = factory.faults;
  // What lies over another is a fault, and is not read again: tables can name the same bytes a hundred times.
  std::uint64_t end = 0;
  for (const Partition& partition : in_order(factory.customized)) {
    if (partition.offset < end) continue;
    read_partition(partition, bytes, keys, out);
    end = std::uint64_t{partition.offset} + partition.size;
  }
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
  if (looks_like_factory_params(bytes)) return ImageKind::factory_param;
  if (begins_like_nvs(bytes) || looks_like_nvs(bytes)) return ImageKind::nvs;
  return NvsKeys::from_partition(bytes).ok() ? ImageKind::nvs_keys : ImageKind::unknown;
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
    case ImageKind::nvs_keys:
      return "NVS keys partition";
    case ImageKind::factory_param:
      return "factory_param partition";
    case ImageKind::partition_table:
      return "partition table";
    case ImageKind::factory_image:
      return "factory image";
  }
  return {};
}

Inspection inspect(ByteView bytes, const NvsKeys* keys) {
  Inspection out;
  out.kind = kind_of(bytes);
  if (out.kind == ImageKind::pki_bin) read_pki_part({{}, 0, bytes}, out);
  if (out.kind == ImageKind::nvs) read_nvs_part({{}, 0, bytes}, keys, out);
  if (out.kind == ImageKind::factory_param) read_param_part({{}, 0, bytes}, out);
  if (out.kind == ImageKind::partition_table) read_table(bytes, out);
  if (out.kind == ImageKind::factory_image) read_factory(bytes, keys, out);
  if (keys != nullptr && out.nvs.empty()) {
    out.keys =
        Error{ErrorKind::input, "nvs_keys_unused", "it holds no NVS partition to decrypt", {}, "leave out --nvs-keys"};
  }
  return out;
}

}  // namespace atcert::image
