// SPDX-License-Identifier: Apache-2.0
// The partition images that hold what a module is to have: a PKI bin for each slot up to release 3.0, mfg_nvs.bin from
// 3.1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "image/layout.hpp"
#include "image/nvs_image.hpp"
#include "image/slot.hpp"

namespace atcert::image {

// The three items of credentials as they go into the module: PEM.
struct CredentialBytes {
  ByteView certificate;
  ByteView key;
  ByteView ca;
};

// They as items of an owner's slots: "mqtt_ca", "mqtt_cert", "mqtt_key".
std::vector<SlotItem> credential_items(const CredentialBytes& credentials, std::string_view owner = "mqtt");

// What images are made for. Without a module a partition table alone says where they go; without a layout nothing does,
// and nobody may guess: at a wrong address an image destroys what the module starts from.
struct ImageTarget {
  std::optional<ModuleKind> module;
  Release release;
  std::optional<Layout> layout;
};

// Where an image goes in the flash.
struct ImagePlace {
  std::uint32_t address = 0;
  std::uint32_t size = 0;  // of the partition
};

struct ImageFile {
  std::string name;       // "mqtt_key.bin"
  std::string partition;  // "mqtt_key"
  std::optional<ImagePlace> place;
  bool has_key = false;
  Secret bytes;
};

struct ImageOptions {
  bool padded = false;                       // PKI bins fill their partitions, so that nothing of what was there stays
  std::span<const NvsValue> values = {};     // what mfg_nvs holds besides the items
  std::optional<std::size_t> nvs_size = {};  // of mfg_nvs.bin, where it is not that of the partition
};

// How the build of a release from 3.1 on fills NVS pages.
NvsStyle nvs_style_of(const Release& release);

// The images of a module. Errors: an unknown slot, one that the layout or release does not have; what does not fit.
Result<std::vector<ImageFile>> make_images(std::span<const SlotItem> items, const Layout& layout,
                                           const Release& release, const ImageOptions& options = {});

// The same for a target. Without a layout there is mfg_nvs.bin alone, with a size of its own and no place.
Result<std::vector<ImageFile>> make_images(std::span<const SlotItem> items, const ImageTarget& target,
                                           const ImageOptions& options = {});

}  // namespace atcert::image
