// SPDX-License-Identifier: Apache-2.0
// What stands beside the images that were built: flash_args for esptool, and manifest.json, which says what was built
// for what. Neither holds a secret, and the same input gives the same bytes.
#pragma once

#include <optional>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "image/credential_images.hpp"
#include "image/layout.hpp"

namespace atcert::image {

// What a manifest says of the certificate in the images.
struct CertificateNote {
  std::string sha256;  // of its DER: AWS's certificate id
  std::string subject;
  std::string not_after;
};

// {"kind": "atcert-images", "schema": 1, "module", "chip", "config", "release", "generation", "layout", "certificate",
//  "files": [{"name", "partition", "address", "size", "partition_size", "sha256", "private_key"}]}
// The certificate is null where no credentials went into the images.
nlohmann::json manifest_of(const ModuleLayout& module, std::span<const ImageFile> files,
                           const std::optional<CertificateNote>& certificate);

// A line a file: "0x21000 mfg_nvs.bin". For `esptool.py write_flash @flash_args` in the folder of the images.
std::string flash_args_of(std::span<const ImageFile> files);

}  // namespace atcert::image
