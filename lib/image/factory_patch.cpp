// SPDX-License-Identifier: Apache-2.0
// patch_factory_image(): the parts that both storage generations share, and PKI bins. For mfg_nvs see nvs_patch.hpp.
#include "image/factory_patch.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "image/nvs_image.hpp"
#include "image/nvs_patch.hpp"
#include "image/pki.hpp"

namespace atcert::image {
namespace {

// The oldest of the releases that write a type byte of its own for each item, and of those that do not.
constexpr Release kTyped{{2, 4, 1, 0}};
constexpr Release kUntyped{{2, 2, 0, 0}};

Error patch_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

// The name that the slot has in this image: "wpa_ent_ca" was "wpa2_ca" up to release 5.0.
const Partition* find_slot(const FactoryImage& tables, const std::string& slot) {
  if (const Partition* partition = tables.find(slot)) return partition;
  return tables.find(other_slot_name(slot));
}

Error for_partition(const Partition& partition, Error error) {
  error.what = fmt::format("{} at 0x{:X}: {}", partition.name, partition.offset, error.what);
  return error;
}

Result<ByteView> slice(ByteView image, const Partition& partition) {
  const std::uint64_t end = std::uint64_t{partition.offset} + partition.size;
  if (end <= image.size()) return image.subspan(partition.offset, partition.size);
  return patch_error("image_cut",
                     fmt::format("the file ends at 0x{:X}, partition {} at 0x{:X}", image.size(), partition.name, end),
                     "give the whole factory image");
}

// An mfg_nvs partition by itself is an image with nothing around it.
Partition alone(std::size_t size) {
  Partition partition;
  partition.name = kNvsPartition;
  partition.size = static_cast<std::uint32_t>(size);
  return partition;
}

class Patcher {
 public:
  Patcher(ByteView image, const FactoryPatch& patch) : image_(image), patch_(patch) {}

  Result<PatchedImage> run() && {
    ATCERT_CHECK(read_tables());
    if (tables_.generation() == Generation::nvs) {
      ATCERT_CHECK(patch_nvs_partition());
    } else {
      ATCERT_CHECK(patch_pki_partitions());
      ATCERT_CHECK(patch_params());
    }
    return std::move(out_);
  }

 private:
  Result<void> read_tables() {
    for (const SlotItem& item : patch_.items) ATCERT_CHECK(type_of_slot(item.slot));
    if (!looks_like_factory_image(image_) && looks_like_nvs(image_)) {
      tables_.customized.push_back(alone(image_.size()));
      return {};
    }
    tables_ = read_factory_image(image_);
    const auto fault = std::find_if(tables_.faults.begin(), tables_.faults.end(),
                                    [](const Fault& each) { return each.level == FaultLevel::error; });
    if (fault != tables_.faults.end()) {
      return patch_error("image_table", fmt::format("offset 0x{:X}: {}", fault->offset, fault->what),
                         "give an undamaged factory image of ESP-AT, or an mfg_nvs partition");
    }
    if (tables_.generation().has_value()) return {};
    return patch_error("image_not_at", "the partition tables have neither mfg_nvs nor partitions of PKI bins",
                       "give a factory image of ESP-AT, releases 2.0 or later");
  }

  void keep(const Partition& partition, ByteView before, ByteView after, Secret bytes) {
    const auto changes = diff_partitions(partition.name, before, after);
    if (!changes.empty()) out_.partitions.push_back({partition, std::move(bytes)});
    out_.changes.insert(out_.changes.end(), changes.begin(), changes.end());
  }

  Result<void> patch_nvs_partition() {
    const Partition& partition = *tables_.find(kNvsPartition);
    ATCERT_TRY(const ByteView, stored, slice(image_, partition));
    const auto before = open_nvs(stored, patch_.nvs_keys);
    if (!before) return for_partition(partition, before.error());
    auto after = patch_nvs(before->reveal(), patch_);
    if (!after) return for_partition(partition, std::move(after).error());
    Secret bytes = after->clone();
    if (patch_.nvs_keys != nullptr) ATCERT_CHECK(encrypt_nvs(bytes.writable(), *patch_.nvs_keys));
    keep(partition, before->reveal(), after->reveal(), std::move(bytes));
    return {};
  }

  Result<void> patch_pki_partitions() {
    if (patch_.nvs_keys != nullptr) {
      return patch_error("nvs_keys_old", "firmware up to release 3.0 does not keep credentials in NVS",
                         "leave out the NVS keys");
    }
    if (!patch_.gatt_rows.empty()) {
      return patch_error("gatt_rows_old", "firmware up to release 3.0 keeps GATT rows in a form of its own",
                         "leave them out, or use a factory image of release 3.1 or later");
    }
    std::map<std::string, std::vector<const SlotItem*>> slots;
    for (const SlotItem& item : patch_.items) slots[item.slot].push_back(&item);
    for (const auto& [slot, items] : slots) ATCERT_CHECK(patch_pki_partition(slot, items));
    return {};
  }

  Result<void> patch_pki_partition(const std::string& slot, const std::vector<const SlotItem*>& items) {
    const Partition* partition = find_slot(tables_, slot);
    if (partition == nullptr) {
      return patch_error("partition_missing", fmt::format("the image has no partition {}", slot),
                         "choose a slot that this firmware has");
    }
    ATCERT_TRY(const ByteView, before, slice(image_, *partition));
    auto bin = changed_bin(slot, before, items);
    if (!bin) return for_partition(*partition, std::move(bin).error());
    bin->append(Bytes(partition->size - bin->size(), 0xFF));
    const Secret after = bin->clone();
    keep(*partition, before, after.reveal(), std::move(*bin));
    return {};
  }

  Result<Secret> changed_bin(const std::string& slot, ByteView before, const std::vector<const SlotItem*>& items) {
    ATCERT_TRY(const PkiType, type, type_of_slot(slot));
    ATCERT_TRY(const PkiBin, present, read_bin(before));
    std::vector<PkiContent> contents;
    for (const PkiItem& item : present.items) contents.push_back({type, item.content});
    for (const SlotItem* item : items) {
      if (item->number > contents.size()) {
        return patch_error("slot_number", fmt::format("item {} cannot follow {} items", item->number, contents.size()),
                           "number the items from 0");
      }
      if (item->number == contents.size()) contents.push_back({type, {}});
      contents[item->number].content = item->content;
    }
    ATCERT_TRY(const Release, release, release_for(type, present));
    return write_pki_bin(contents, release, before.size());
  }

  static Result<PkiBin> read_bin(ByteView partition) {
    const bool erased = std::all_of(partition.begin(), partition.end(), [](std::uint8_t byte) { return byte == 0xFF; });
    if (erased) return PkiBin{};
    PkiBin bin = read_pki_bin(partition);
    if (is_readable(bin.faults)) return bin;
    const Fault& fault = bin.faults.front();
    return patch_error("pki_damaged", fmt::format("offset {}: {}", fault.offset, fault.what),
                       "flash a bin made by atcert build over it");
  }

  Result<Release> release_for(PkiType type, const PkiBin& present) const {
    if (patch_.release) return *patch_.release;
    if (type == PkiType::certificate) return kTyped;
    if (present.items.empty()) {
      return patch_error("release_unknown", "the partition is erased, so that the release cannot be told from it",
                         "give --release");
    }
    return present.items.front().type == static_cast<std::uint8_t>(type) ? kTyped : kUntyped;
  }

  Result<void> patch_params() {
    if (patch_.params.empty()) return {};
    const Partition* partition = tables_.find(kFactoryParamSpace);
    if (partition == nullptr) {
      return patch_error("partition_missing", "the image has no partition factory_param", "leave out the parameters");
    }
    ATCERT_TRY(const ByteView, before, slice(image_, *partition));
    auto after = set_raw_factory_params(before, patch_.params);
    if (!after) return for_partition(*partition, std::move(after).error());
    keep(*partition, before, *after, Secret(*after));
    return {};
  }

  ByteView image_;
  const FactoryPatch& patch_;
  FactoryImage tables_;
  PatchedImage out_;
};

}  // namespace

Result<PatchedImage> patch_factory_image(ByteView image, const FactoryPatch& patch) {
  return Patcher(image, patch).run();
}

void overwrite(std::span<std::uint8_t> image, const PatchedImage& patched) {
  for (const PatchedPartition& each : patched.partitions) {
    const ByteView bytes = each.bytes.reveal();
    std::copy(bytes.begin(), bytes.end(), image.begin() + static_cast<std::ptrdiff_t>(each.partition.offset));
  }
}

}  // namespace atcert::image
