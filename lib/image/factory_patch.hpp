// SPDX-License-Identifier: Apache-2.0
// Credentials and parameters put into a factory image of either storage generation: what tools/at.py `modify_bin` of
// ESP-AT does for mfg_nvs, and what it cannot do for PKI partitions. The image that is read stays as it is; what is to
// be written over it comes back, with a list of what differs.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "image/factory_diff.hpp"
#include "image/factory_image.hpp"
#include "image/factory_param.hpp"
#include "image/nvs_encryption.hpp"
#include "image/release.hpp"
#include "image/slot.hpp"

namespace atcert::image {

// How mfg_nvs is changed: as the firmware does it, or written anew with all its values in the style of a generator.
enum class NvsUpdate { in_place, old_style, new_style };

struct FactoryPatch {
  std::vector<SlotItem> items;
  std::vector<FactoryParam> params;
  std::map<unsigned, std::string> gatt_rows;  // of raw_data/ble_data/gatts_data.csv; mfg_nvs only
  NvsUpdate nvs_update = NvsUpdate::in_place;
  const NvsKeys* nvs_keys = nullptr;  // of an encrypted mfg_nvs
  // For the type bytes of PKI bins. Without it those of the bins that are there are kept.
  std::optional<Release> release;
};

struct PatchedPartition {
  Partition partition;
  Secret bytes;  // the whole of it
};

struct PatchedImage {
  std::vector<PatchedPartition> partitions;
  std::vector<Change> changes;
};

// `image` may be an mfg_nvs partition alone. Errors: the tables are damaged; a partition that is needed is missing,
// damaged, cut off or full; a bad value.
Result<PatchedImage> patch_factory_image(ByteView image, const FactoryPatch& patch);

// Writes the partitions over `image`, which is as long as the one that was read.
void overwrite(std::span<std::uint8_t> image, const PatchedImage& patched);

}  // namespace atcert::image
