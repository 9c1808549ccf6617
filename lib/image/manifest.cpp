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
          {"address", file.place ? json(fmt::format("0x{:x}", file.place->address)) : json()},
          {"size", file.bytes.size()},
          {"partition_size", file.place ? json(file.place->size) : json()},
          {"sha256", sha256(file.bytes.reveal())},
          {"private_key", file.has_key}};
}

json certificate_json(const CertificateNote& certificate) {
  return {{"sha256", certificate.sha256}, {"subject", certificate.subject}, {"not_after", certificate.not_after}};
}

}  // namespace

json manifest_of(const ImageTarget& target, std::span<const ImageFile> files,
                 const std::optional<CertificateNote>& certificate) {
  json list = json::array();
  for (const ImageFile& file : files) list.push_back(file_json(file));
  return {{"kind", kManifestKind},
          {"schema", kManifestSchema},
          {"module", target.module ? json(target.module->name) : json()},
          {"chip", target.module ? json(target.module->chip) : json()},
          {"config", target.module ? json(target.module->config) : json()},
          {"release", to_string(target.release)},
          {"generation", name_of(generation_of(target.release))},
          {"layout", target.layout ? json(target.layout->name) : json()},
          {"certificate", certificate ? certificate_json(*certificate) : json()},
          {"files", std::move(list)}};
}

std::optional<std::string> flash_args_of(std::span<const ImageFile> files) {
  std::string lines;
  for (const ImageFile& file : files) {
    if (!file.place) return std::nullopt;
    lines += fmt::format("0x{:x} {}\n", file.place->address, file.name);
  }
  return lines;
}

}  // namespace atcert::image
