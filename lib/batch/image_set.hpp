// SPDX-License-Identifier: Apache-2.0
// All files of one unit: the images of its credentials and parameters, flash_args and manifest.json, for a folder of
// their own (set_folder.hpp). The folder batch stands above image and credentials because those two never touch paths.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "credentials/credentials.hpp"
#include "image/credential_images.hpp"
#include "image/nvs_encryption.hpp"

namespace atcert::batch {

struct ImageSet {
  std::vector<image::ImageFile> files;
  std::optional<std::string> flash_args;  // the text of flash_args, where every image has a place
  std::string manifest;                   // the text of manifest.json
  std::string certificate;                // the fingerprint of that of the credentials; empty without any
};

struct ImageSetOptions {
  const image::ImageTarget& target;
  image::ImageOptions images = {};
  const image::NvsKeys* nvs_keys = nullptr;     // encrypts mfg_nvs
  std::string_view owner = "mqtt";              // of the slots for the credentials
  std::span<const image::SlotItem> items = {};  // of further slots, the same for every unit
};

// The images of `credentials`, if there are any, and of what the options name. Errors: the module cannot hold them; NVS
// keys for a release without mfg_nvs.
Result<ImageSet> make_image_set(const credentials::Credentials* credentials, const ImageSetOptions& options);

}  // namespace atcert::batch
