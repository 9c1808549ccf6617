// SPDX-License-Identifier: Apache-2.0
#include "batch/image_set.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "credentials/describe.hpp"
#include "image/factory_image.hpp"
#include "image/manifest.hpp"

namespace atcert::batch {
namespace {

constexpr int kJsonIndent = 2;

Result<void> encrypt(std::vector<image::ImageFile>& files, const image::NvsKeys& keys) {
  const auto nvs = std::find_if(files.begin(), files.end(),
                                [](const image::ImageFile& file) { return file.partition == image::kNvsPartition; });
  if (nvs != files.end()) return image::encrypt_nvs(nvs->bytes.writable(), keys);
  return Error{ErrorKind::usage,
               "nvs_keys_old",
               "firmware up to release 3.0 does not keep credentials in NVS",
               {},
               "leave out --nvs-keys"};
}

std::vector<image::SlotItem> items_of(const credentials::Credentials* credentials, const ImageSetOptions& options) {
  std::vector<image::SlotItem> items;
  if (credentials != nullptr) {
    items = image::credential_items({credentials->certificate.pem, credentials->key.pem.reveal(), credentials->ca.pem},
                                    options.owner);
  }
  items.insert(items.end(), options.items.begin(), options.items.end());
  return items;
}

std::optional<image::CertificateNote> note_of(const credentials::Credentials* credentials) {
  if (credentials == nullptr) return std::nullopt;
  const credentials::CertificateFacts& facts = credentials->certificate.first();
  return image::CertificateNote{facts.fingerprint, facts.subject, credentials::to_text(facts.not_after)};
}

}  // namespace

Result<ImageSet> make_image_set(const credentials::Credentials* credentials, const ImageSetOptions& options) {
  const std::vector<image::SlotItem> items = items_of(credentials, options);
  ATCERT_TRY(std::vector<image::ImageFile>, files, image::make_images(items, options.target, options.images));
  if (options.nvs_keys != nullptr) ATCERT_CHECK(encrypt(files, *options.nvs_keys));
  const nlohmann::json manifest = image::manifest_of(options.target, files, note_of(credentials));
  std::optional<std::string> flash_args = image::flash_args_of(files);
  return ImageSet{std::move(files), std::move(flash_args), to_text(manifest, kJsonIndent) + "\n",
                  credentials != nullptr ? credentials->certificate.first().fingerprint : ""};
}

}  // namespace atcert::batch
