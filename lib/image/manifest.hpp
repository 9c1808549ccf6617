// SPDX-License-Identifier: Apache-2.0
// What stands beside the images that were built: flash_args for esptool, and manifest.json, which says what was built
// for what. Neither holds a secret, and the same input gives the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/credential_images.hpp"
#include "image/layout.hpp"

namespace atcert::image {

inline constexpr std::string_view kManifestKind = "atcert-images";
inline constexpr int kManifestSchema = 1;

// What a manifest says of the certificate in the images.
struct CertificateNote {
  std::string sha256;  // of its DER: AWS's certificate id
  std::string subject;
  std::string not_after;
};

// {"kind": "atcert-images", "schema": 1, "module", "chip", "config", "release", "generation", "layout", "certificate",
//  "files": [{"name", "partition", "address", "size", "partition_size", "sha256", "private_key"}]}
// Null is what nobody knows: module, chip and config of images for a partition table alone or for no place at all; then
// also layout, and address and partition_size of each file. The certificate is null where no credentials went into the
// images.
nlohmann::json manifest_of(const ImageTarget& target, std::span<const ImageFile> files,
                           const std::optional<CertificateNote>& certificate);

// A file as a manifest describes it.
struct ManifestFile {
  std::string name;  // of a file in the manifest's folder
  std::string partition;
  std::optional<std::uint32_t> address;
  std::uint64_t size = 0;
  std::string sha256;
};

struct Manifest {
  std::optional<std::string> module;
  std::optional<std::string> chip;
  std::optional<std::string> config;
  std::string release;
  std::optional<std::string> layout;
  std::optional<CertificateNote> certificate;
  std::vector<ManifestFile> files;
};

// Errors: no JSON, no manifest, another schema, a field that is missing or bad, a file's name that leads elsewhere.
Result<Manifest> read_manifest(std::string_view text);

// Whether `bytes` look like a manifest, sound or cut.
bool looks_like_manifest(ByteView bytes);

// A line a file: "0x21000 mfg_nvs.bin". For `esptool.py write_flash @flash_args` in the folder of the images. Nothing
// where one of them has no place.
std::optional<std::string> flash_args_of(std::span<const ImageFile> files);

}  // namespace atcert::image
