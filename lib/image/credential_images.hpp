// SPDX-License-Identifier: Apache-2.0
// The partition images that hold a module's credentials: three PKI bins up to release 3.0, mfg_nvs.bin from 3.1.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "image/layout.hpp"
#include "image/nvs_image.hpp"

namespace atcert::image {

// The three items as they go into the module: PEM.
struct CredentialBytes {
  ByteView certificate;
  ByteView key;
  ByteView ca;
};

struct ImageFile {
  std::string name;       // "mqtt_key.bin"
  std::string partition;  // "mqtt_key"
  std::uint32_t address = 0;
  std::uint32_t partition_size = 0;
  bool has_key = false;
  Secret bytes;
};

// How the build of a release from 3.1 on fills NVS pages.
NvsStyle nvs_style_of(const Release& release);

// The values that mfg_nvs needs for MQTT, in the order of ESP-AT's build. They refer to the bytes of `credentials`.
std::vector<NvsValue> credential_values(const CredentialBytes& credentials);

// The images of a module. With `padded`, PKI bins fill their partitions, so that flashing them leaves nothing of what
// was there. Errors: the layout lacks a partition, an item does not fit it.
Result<std::vector<ImageFile>> make_credential_images(const CredentialBytes& credentials, const Layout& layout,
                                                      const Release& release, bool padded = false);

}  // namespace atcert::image
