// SPDX-License-Identifier: Apache-2.0
// The partition images that hold what a module is to have: a PKI bin for each slot up to release 3.0, mfg_nvs.bin from
// 3.1.
#pragma once

#include <cstdint>
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

struct ImageFile {
  std::string name;       // "mqtt_key.bin"
  std::string partition;  // "mqtt_key"
  std::uint32_t address = 0;
  std::uint32_t partition_size = 0;
  bool has_key = false;
  Secret bytes;
};

struct ImageOptions {
  bool padded = false;                    // PKI bins fill their partitions, so that nothing of what was there stays
  std::span<const NvsValue> values = {};  // what mfg_nvs holds besides the items
  std::size_t nvs_size = 0;               // of mfg_nvs.bin; 0 for that of the partition
};

// How the build of a release from 3.1 on fills NVS pages.
NvsStyle nvs_style_of(const Release& release);

// The images of a module. Errors: an unknown slot, one that the layout or release does not have; what does not fit.
Result<std::vector<ImageFile>> make_images(std::span<const SlotItem> items, const Layout& layout,
                                           const Release& release, const ImageOptions& options = {});

}  // namespace atcert::image
