// SPDX-License-Identifier: Apache-2.0
#include "image/manifest.hpp"

#include <fmt/core.h>

#include "base/digest.hpp"
#include "base/json.hpp"

namespace atcert::image {
namespace {

using nlohmann::json;

json file_json(const ImageFile& file) {
  return {{"name", file.name},
          {"partition", file.partition},
          {"address", fmt::format("0x{:x}", file.address)},
          {"size", file.bytes.size()},
          {"partition_size", file.partition_size},
          {"sha256", sha256(file.bytes.reveal())},
          {"private_key", file.has_key}};
}

json certificate_json(const CertificateNote& certificate) {
  return {{"sha256", certificate.sha256}, {"subject", certificate.subject}, {"not_after", certificate.not_after}};
}

}  // namespace

json manifest_of(const ModuleLayout& module, std::span<const ImageFile> files,
                 const std::optional<CertificateNote>& certificate) {
  json list = json::array();
  for (const ImageFile& file : files) list.push_back(file_json(file));
  return {{"kind", kManifestKind},
          {"schema", kManifestSchema},
          {"module", module.module.name},
          {"chip", module.module.chip},
          {"config", module.module.config},
          {"release", to_string(module.release)},
          {"generation", name_of(generation_of(module.release))},
          {"layout", module.layout.name},
          {"certificate", certificate ? certificate_json(*certificate) : json()},
          {"files", std::move(list)}};
}

std::string flash_args_of(std::span<const ImageFile> files) {
  std::string lines;
  for (const ImageFile& file : files) lines += fmt::format("0x{:x} {}\n", file.address, file.name);
  return lines;
}

}  // namespace atcert::image
