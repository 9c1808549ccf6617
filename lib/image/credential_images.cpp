// SPDX-License-Identifier: Apache-2.0
#include "image/credential_images.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "image/mfg_values.hpp"
#include "image/pki.hpp"

namespace atcert::image {
namespace {

constexpr Release kFirstNewStyle{{4, 1, 0, 0}};
constexpr std::string_view kNvsPartition = "mfg_nvs";
constexpr std::size_t kLargestFlash = 64 << 20;

Error missing(std::string_view name, const Layout& layout, const Release& release) {
  return {ErrorKind::input, "partition_missing",
          fmt::format("layout {} of release {} has no partition {}", layout.name, to_string(release), name),
          "this firmware has no place for it, or the table is of another release",
          "choose another slot, release or partition table"};
}

Error for_partition(std::string_view partition, Error error) {
  error.what = fmt::format("{}: {}", partition, error.what);
  return error;
}

ImagePlace place_of(const Partition& partition) {
  return {partition.offset, partition.size};
}

// "wpa_ent_ca" is "wpa2_ca" in the tables.
const Partition* find_slot(const Layout& layout, std::string_view slot) {
  if (const Partition* partition = layout.find(slot)) return partition;
  return layout.find(other_slot_name(slot));
}

Result<ImageFile> make_pki_image(const std::string& slot, std::span<const SlotItem> items, const Layout& layout,
                                 const Release& release, bool padded) {
  ATCERT_TRY(const PkiType, type, type_of_slot(slot));
  const Partition* partition = find_slot(layout, slot);
  if (partition == nullptr) return missing(slot, layout, release);
  std::vector<PkiContent> contents;
  for (const SlotItem& item : items) {
    if (item.slot == slot) contents.push_back({type, item.content});
  }
  auto bin = write_pki_bin(contents, release, partition->size);
  if (!bin) return for_partition(partition->name, std::move(bin).error());
  if (padded) bin->append(Bytes(partition->size - bin->size(), 0xFF));
  return ImageFile{partition->name + ".bin", partition->name, place_of(*partition), type == PkiType::key,
                   std::move(*bin)};
}

Result<std::vector<ImageFile>> make_pki_images(std::span<const SlotItem> items, const Layout& layout,
                                               const Release& release, bool padded) {
  std::vector<ImageFile> files;
  std::vector<std::string> slots;
  for (const SlotItem& item : items) {
    if (std::find(slots.begin(), slots.end(), item.slot) != slots.end()) continue;
    slots.push_back(item.slot);
    ATCERT_TRY(ImageFile, file, make_pki_image(item.slot, items, layout, release, padded));
    files.push_back(std::move(file));
  }
  return files;
}

Result<std::size_t> nvs_size(const Partition& partition, const ImageOptions& options) {
  const std::size_t size = options.nvs_size.value_or(partition.size);
  if (size <= partition.size) return size;
  return Error{ErrorKind::input,
               "nvs_size",
               fmt::format("an image of 0x{:X} bytes does not fit a partition of 0x{:X}", size, partition.size),
               {},
               "give a smaller size, or leave it out for that of the partition"};
}

Result<std::size_t> unplaced_nvs_size(const ImageOptions& options) {
  if (options.nvs_size && *options.nvs_size <= kLargestFlash) return *options.nvs_size;
  return Error{ErrorKind::input,
               "nvs_size",
               options.nvs_size ? fmt::format("an image of 0x{:X} bytes fits no flash", *options.nvs_size)
                                : "an image for no known partition has no size",
               {},
               "give the size of the module's partition"};
}

Result<ImageFile> fill_nvs_image(std::span<const SlotItem> items, const Release& release,
                                 std::span<const NvsValue> base, Result<std::size_t> size) {
  for (const SlotItem& item : items) {
    ATCERT_CHECK(type_of_slot(item.slot));
    ATCERT_CHECK(check_nvs_slot(item.slot, release));
  }
  if (!size) return for_partition(kNvsPartition, std::move(size).error());
  auto image = generate_nvs(with_items(base, items, release), *size, nvs_style_of(release));
  if (!image) return for_partition(kNvsPartition, std::move(image).error());
  return ImageFile{"mfg_nvs.bin", std::string(kNvsPartition), {}, true, std::move(*image)};
}

Result<ImageFile> make_nvs_image(std::span<const SlotItem> items, const Layout& layout, const Release& release,
                                 const ImageOptions& options) {
  const Partition* partition = layout.find(kNvsPartition);
  if (partition == nullptr) return missing(kNvsPartition, layout, release);
  ATCERT_TRY(ImageFile, file, fill_nvs_image(items, release, options.values, nvs_size(*partition, options)));
  file.place = place_of(*partition);
  return file;
}

}  // namespace

NvsStyle nvs_style_of(const Release& release) {
  return release < kFirstNewStyle ? NvsStyle::old_style : NvsStyle::new_style;
}

std::vector<SlotItem> credential_items(const CredentialBytes& credentials, std::string_view owner) {
  return {{fmt::format("{}_ca", owner), 0, credentials.ca},
          {fmt::format("{}_cert", owner), 0, credentials.certificate},
          {fmt::format("{}_key", owner), 0, credentials.key}};
}

Result<std::vector<ImageFile>> make_images(std::span<const SlotItem> items, const Layout& layout,
                                           const Release& release, const ImageOptions& options) {
  if (generation_of(release) == Generation::pki) return make_pki_images(items, layout, release, options.padded);
  std::vector<ImageFile> files;
  ATCERT_TRY(ImageFile, file, make_nvs_image(items, layout, release, options));
  files.push_back(std::move(file));
  return files;
}

Result<std::vector<ImageFile>> make_images(std::span<const SlotItem> items, const ImageTarget& target,
                                           const ImageOptions& options) {
  if (target.layout) return make_images(items, *target.layout, target.release, options);
  if (generation_of(target.release) == Generation::pki) {
    return Error{ErrorKind::usage,
                 "layout_missing",
                 fmt::format("release {} has no mfg_nvs, and no partition table says where its PKI bins go",
                             to_string(target.release)),
                 {},
                 "give the module or its partition table, or a release from 3.1"};
  }
  std::vector<ImageFile> files;
  ATCERT_TRY(ImageFile, file, fill_nvs_image(items, target.release, options.values, unplaced_nvs_size(options)));
  files.push_back(std::move(file));
  return files;
}

}  // namespace atcert::image
