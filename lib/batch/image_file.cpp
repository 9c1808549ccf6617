// SPDX-License-Identifier: Apache-2.0
#include "batch/image_file.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <system_error>

#include <fmt/core.h>

#include "base/files.hpp"
#include "image/fingerprint.hpp"
#include "image/inspect.hpp"

namespace atcert::batch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxImage = 64 << 20;  // the largest flash

using Fingerprints = std::set<std::string>;

Fingerprints certificates_of(const image::Inspection& inspection) {
  Fingerprints certificates;
  for (const image::InspectedItem& item : inspection.items) {
    if (!item.slot.ends_with("_cert")) continue;
    certificates.insert(image::certificate_fingerprint(item.content.reveal()));
  }
  certificates.erase("");
  return certificates;
}

Fingerprints without(const Fingerprints& all, const Fingerprints& others) {
  Fingerprints left;
  std::ranges::set_difference(all, others, std::inserter(left, left.end()));
  return left;
}

// "a factory image of certificate 12ab...", "an NVS partition".
std::string described(image::ImageKind kind, const Fingerprints& certificates) {
  if (kind == image::ImageKind::unknown) return "what is no image";
  std::string text = fmt::format("{} {}", name_of(kind).starts_with('N') ? "an" : "a", name_of(kind));
  for (const std::string& each : certificates) {
    text += (&each == &*certificates.begin() ? " of certificate " : ", ") + each;
  }
  return text;
}

Error taken(const fs::path& path, const std::string& theirs, const std::string& ours) {
  return {ErrorKind::taken,
          "file_taken",
          fmt::format("{}: holds {}; what is to be written is {}", path.string(), theirs, ours),
          {},
          "give another file, or --force to replace this one"};
}

}  // namespace

Result<void> check_file_place(const fs::path& path, ByteView image, const image::NvsKeys* keys) {
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(path, error))) return {};
  ATCERT_TRY(const Secret, held, read_secret_file(path.string(), kMaxImage));
  if (held.equals(image)) return {};
  const image::Inspection theirs = image::inspect(held.reveal(), keys);
  const image::Inspection ours = image::inspect(image, keys);
  const Fingerprints their_certificates = certificates_of(theirs);
  const Fingerprints our_certificates = certificates_of(ours);
  const Fingerprints lost = without(their_certificates, our_certificates);
  if (theirs.kind == ours.kind && lost.empty()) return {};
  return taken(path, described(theirs.kind, lost), described(ours.kind, without(our_certificates, their_certificates)));
}

}  // namespace atcert::batch
