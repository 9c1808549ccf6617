// SPDX-License-Identifier: Apache-2.0
// What is in an image, recognised by its bytes: a PKI bin, an NVS partition or its keys, a factory_param partition of
// old firmware, a partition table, or a whole factory image with all of them in it. Damage is described as far as the
// bytes can be read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "image/fault.hpp"
#include "image/nvs_encryption.hpp"
#include "image/partition_table.hpp"

namespace atcert::image {

enum class ImageKind { unknown, pki_bin, nvs, nvs_keys, factory_param, partition_table, factory_image };

// "PKI bin", "NVS partition"...
std::string_view name_of(ImageKind kind);

struct InspectedItem {
  std::string partition;  // of a factory image; else empty
  std::string slot;       // the namespace, or the partition of a PKI bin; may be empty
  std::string key;        // the NVS key, or the number of a PKI item
  std::string type;       // "blob", "u8", "PKI type 2"
  std::size_t offset = 0;
  std::string text;   // the value of a number or a parameter; credentials are never put in text
  std::string words;  // what a parameter's value means: "19.5 dBm"
  Secret content;
};

struct InspectedNvs {
  std::string partition;
  bool encrypted = false;
  std::size_t pages = 0;
  std::size_t used_entries = 0;
  std::size_t free_entries = 0;  // with those that are erased, without the page that stays free
};

struct Inspection {
  ImageKind kind = ImageKind::unknown;
  std::vector<Partition> partitions;  // of the table, in a factory image the primary one
  std::vector<Partition> customized;  // of the customized table of a factory image
  std::vector<InspectedItem> items;
  std::vector<InspectedNvs> nvs;
  std::vector<Fault> faults;  // offsets in the whole image
  std::optional<Error> keys;  // what is wrong with the NVS keys, or that they are missing
};

// `keys` decrypt the NVS partition, in a factory image mfg_nvs; null: it is not encrypted.
Inspection inspect(ByteView bytes, const NvsKeys* keys = nullptr);

}  // namespace atcert::image
