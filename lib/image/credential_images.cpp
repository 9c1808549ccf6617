// SPDX-License-Identifier: Apache-2.0
#include "image/credential_images.hpp"

#include <fmt/core.h>

#include "image/pki.hpp"

namespace atcert::image {
namespace {

constexpr Release kFirstNewStyle{{4, 1, 0, 0}};
constexpr std::string_view kNvsPartition = "mfg_nvs";

Result<const Partition*> find_in(const Layout& layout, std::string_view name, const Release& release) {
  if (const Partition* partition = layout.find(name)) return partition;
  return Error{ErrorKind::input, "partition_missing",
               fmt::format("layout {} of release {} has no partition {}", layout.name, to_string(release), name),
               "this firmware cannot hold MQTT credentials, or the table is of another release",
               "choose another release or partition table"};
}

Error for_partition(const Partition& partition, Error error) {
  error.what = fmt::format("{}: {}", partition.name, error.what);
  return error;
}

Result<ImageFile> make_pki_image(PkiType type, ByteView content, std::string_view name, const Layout& layout,
                                 const Release& release, bool padded) {
  ATCERT_TRY(const Partition*, partition, find_in(layout, name, release));
  const PkiContent item{type, content};
  auto bin = write_pki_bin(std::span(&item, 1), release, partition->size);
  if (!bin) return for_partition(*partition, std::move(bin).error());
  if (padded) bin->append(Bytes(partition->size - bin->size(), 0xFF));
  return ImageFile{std::string(name) + ".bin", partition->name, partition->offset, partition->size,
                   type == PkiType::key,       std::move(*bin)};
}

Result<ImageFile> make_nvs_image(const CredentialBytes& credentials, const Layout& layout, const Release& release) {
  ATCERT_TRY(const Partition*, partition, find_in(layout, kNvsPartition, release));
  auto image = generate_nvs(credential_values(credentials), partition->size, nvs_style_of(release));
  if (!image) return for_partition(*partition, std::move(image).error());
  return ImageFile{"mfg_nvs.bin", partition->name, partition->offset, partition->size, true, std::move(*image)};
}

}  // namespace

NvsStyle nvs_style_of(const Release& release) {
  return release < kFirstNewStyle ? NvsStyle::old_style : NvsStyle::new_style;
}

std::vector<NvsValue> credential_values(const CredentialBytes& credentials) {
  return {{"mqtt_cert", "mqtt_cert", NvsType::blob, credentials.certificate},
          {"mqtt_key", "mqtt_key", NvsType::blob, credentials.key},
          {"mqtt_ca", "mqtt_ca", NvsType::blob, credentials.ca}};
}

Result<std::vector<ImageFile>> make_credential_images(const CredentialBytes& credentials, const Layout& layout,
                                                      const Release& release, bool padded) {
  std::vector<ImageFile> files;
  if (generation_of(release) == Generation::nvs) {
    ATCERT_TRY(ImageFile, file, make_nvs_image(credentials, layout, release));
    files.push_back(std::move(file));
    return files;
  }
  const struct {
    PkiType type;
    ByteView content;
    std::string_view name;
  } items[] = {{PkiType::ca, credentials.ca, "mqtt_ca"},
               {PkiType::certificate, credentials.certificate, "mqtt_cert"},
               {PkiType::key, credentials.key, "mqtt_key"}};
  for (const auto& item : items) {
    ATCERT_TRY(ImageFile, file, make_pki_image(item.type, item.content, item.name, layout, release, padded));
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace atcert::image
