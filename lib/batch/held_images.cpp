// SPDX-License-Identifier: Apache-2.0
#include "batch/held_images.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>

#include "base/files.hpp"
#include "base/leftovers.hpp"
#include "image/factory_image.hpp"
#include "image/fingerprint.hpp"
#include "image/inspect.hpp"
#include "image/manifest.hpp"
#include "image/slot.hpp"

namespace atcert::batch {
namespace {

constexpr std::size_t kMaxManifest = 64 * 1024;
constexpr std::size_t kMaxImage = 64 << 20;  // the largest flash
constexpr std::string_view kImageEnd = ".bin";

bool is_slot(std::string_view name) {
  const std::size_t bar = name.rfind('_');
  if (bar == std::string_view::npos) return false;
  const std::string_view kind = name.substr(bar + 1);
  const auto owners = image::slot_owners();
  return (kind == "cert" || kind == "key" || kind == "ca") &&
         std::find(owners.begin(), owners.end(), name.substr(0, bar)) != owners.end();
}

// "mqtt_key.bin" of a slot that some firmware has, or "mfg_nvs.bin".
bool is_image_name(std::string_view name) {
  if (!name.ends_with(kImageEnd)) return false;
  name.remove_suffix(kImageEnd.size());
  return name == image::kNvsPartition || is_slot(name) || is_slot(image::other_slot_name(name));
}

// A PKI bin does not say for which slot it is; its name does.
bool is_certificate(const image::InspectedItem& item, const std::filesystem::path& path) {
  return (item.slot.empty() ? path.stem().string() : item.slot).ends_with("_cert");
}

void add_certificates(const std::filesystem::path& path, std::vector<std::string>& certificates) {
  const auto content = read_secret_file(path.string(), kMaxImage);
  if (!content) return;
  for (const image::InspectedItem& item : image::inspect(content->reveal()).items) {
    if (!is_certificate(item, path)) continue;
    std::string fingerprint = image::certificate_fingerprint(item.content.reveal());
    if (!fingerprint.empty()) certificates.push_back(std::move(fingerprint));
  }
}

void read_names(const std::filesystem::path& folder, HeldImages& held) {
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (const std::filesystem::directory_iterator end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (is_temporary_name(name, kUnfinished)) continue;
    if (entry->symlink_status(ignored).type() != std::filesystem::file_type::regular) {
      held.has_others = true;
    } else if (is_image_name(name)) {
      held.images.push_back(name);
    } else if (name != kManifestName && name != kFlashArgs) {
      held.has_others = true;
    }
  }
  std::sort(held.images.begin(), held.images.end());
}

// False where there is none that can be read.
bool read_manifest(const std::filesystem::path& folder, std::vector<std::string>& certificates) {
  const auto text = read_file((folder / kManifestName).string(), kMaxManifest);
  if (!text) return false;
  const auto manifest = image::read_manifest(as_text(*text));
  if (!manifest) return false;
  if (manifest->certificate) certificates.push_back(manifest->certificate->sha256);
  return true;
}

}  // namespace

HeldImages look_into(const std::filesystem::path& folder) {
  HeldImages held;
  read_names(folder, held);
  held.has_manifest = read_manifest(folder, held.certificates);
  if (held.has_manifest) return held;
  for (const std::string& name : held.images) add_certificates(folder / name, held.certificates);
  return held;
}

std::vector<std::string> certificates_in(const std::filesystem::path& folder) {
  std::vector<std::string> certificates;
  return read_manifest(folder, certificates) ? certificates : look_into(folder).certificates;
}

std::vector<std::string> images_in(const std::filesystem::path& folder) {
  HeldImages held;
  read_names(folder, held);
  return held.images;
}

}  // namespace atcert::batch
