// SPDX-License-Identifier: Apache-2.0
#include "batch/image_set.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/core.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "credentials/describe.hpp"
#include "image/factory_image.hpp"
#include "image/manifest.hpp"

namespace atcert::batch {
namespace {

constexpr int kJsonIndent = 2;
constexpr std::size_t kMaxManifest = 64 * 1024;
constexpr const char* kFlashArgs = "flash_args";

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

std::vector<std::string> image_names() {
  std::vector<std::string> names{fmt::format("{}.bin", image::kNvsPartition)};
  for (const std::string& slot : image::slot_names()) {
    names.push_back(slot + ".bin");
    if (const std::string other = image::other_slot_name(slot); other != slot) names.push_back(other + ".bin");
  }
  return names;
}

// Images of another generation or module, which nobody would flash together and which may hold a private key.
Result<void> check_strangers(const ImageSet& set, const std::filesystem::path& folder) {
  for (const std::string& name : image_names()) {
    const bool own =
        std::any_of(set.files.begin(), set.files.end(), [&](const auto& file) { return file.name == name; });
    std::error_code error;
    if (own || !std::filesystem::exists(folder / name, error)) continue;
    return Error{ErrorKind::usage,
                 "folder_in_use",
                 fmt::format("{}: is of an earlier build for other firmware", (folder / name).string()),
                 {},
                 "give a new folder, or remove what is in this one; it may hold a private key"};
  }
  return {};
}

// Those of an earlier build would send the new image to the address of the old one.
Result<void> remove_flash_args(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::remove(folder / kFlashArgs, error);
  if (!error) return {};
  return Error{ErrorKind::usage, "folder_unwritable",
               fmt::format("{}: cannot be removed: {}", (folder / kFlashArgs).string(), error.message()),
               "it is of an earlier build, and the new image is for no known address", "give another folder with -o"};
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
  return ImageSet{std::move(files), std::move(flash_args), to_text(manifest, kJsonIndent) + "\n"};
}

Result<void> write_image_set(const ImageSet& set, const std::filesystem::path& folder) {
  ATCERT_CHECK(check_strangers(set, folder));
  ATCERT_CHECK(make_folders(folder));
  if (!set.flash_args) ATCERT_CHECK(remove_flash_args(folder));
  for (const image::ImageFile& file : set.files) {
    const Privacy privacy = file.has_key ? Privacy::secret : Privacy::open;
    ATCERT_CHECK(write_file(folder / file.name, file.bytes.reveal(), privacy));
  }
  if (set.flash_args) ATCERT_CHECK(write_file(folder / kFlashArgs, as_bytes(*set.flash_args)));
  return write_file(folder / kManifestName, as_bytes(set.manifest));
}

bool holds_image_of(const ImageSet& set, const std::filesystem::path& folder) {
  return std::any_of(set.files.begin(), set.files.end(), [&](const image::ImageFile& file) {
    const auto there = read_secret_file((folder / file.name).string(), file.bytes.size());
    return there && file.bytes.equals(there->reveal());
  });
}

bool is_written(const ImageSet& set, const std::filesystem::path& folder) {
  const auto manifest = read_file((folder / kManifestName).string(), kMaxManifest);
  if (!manifest || as_text(*manifest) != set.manifest) return false;
  std::error_code error;
  if (std::filesystem::exists(folder / kFlashArgs, error) != set.flash_args.has_value()) return false;
  return std::all_of(set.files.begin(), set.files.end(), [&](const image::ImageFile& file) {
    return std::filesystem::file_size(folder / file.name, error) == file.bytes.size();
  });
}

}  // namespace atcert::batch
