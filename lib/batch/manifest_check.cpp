// SPDX-License-Identifier: Apache-2.0
#include "batch/manifest_check.hpp"

#include <system_error>

#include <fmt/core.h>

#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/plural.hpp"

namespace atcert::batch {
namespace {

constexpr std::size_t kMaxImage = 64 << 20;  // the largest flash

CheckedFile check_file(const image::ManifestFile& file, const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / file.name;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {file, FileState::missing, "is missing"};
  const auto content = read_secret_file(path.string(), kMaxImage);
  if (!content) return {file, FileState::unreadable, "cannot be read: " + content.error().what};
  if (content->size() != file.size) {
    return {file, FileState::wrong_size,
            fmt::format("has {}, the manifest says {}", counted(content->size(), "byte"), file.size)};
  }
  const std::string digest = sha256(content->reveal());
  if (digest == file.sha256) return {file, FileState::good, {}};
  return {file, FileState::wrong_digest, fmt::format("is another file: its SHA-256 is {}", digest)};
}

}  // namespace

std::string_view name_of(FileState state) {
  switch (state) {
    case FileState::good:
      return "good";
    case FileState::missing:
      return "missing";
    case FileState::unreadable:
      return "unreadable";
    case FileState::wrong_size:
      return "wrong_size";
    case FileState::wrong_digest:
      return "wrong_digest";
  }
  return {};
}

std::vector<CheckedFile> check_files(const image::Manifest& manifest, const std::filesystem::path& folder) {
  std::vector<CheckedFile> checked;
  for (const image::ManifestFile& file : manifest.files) checked.push_back(check_file(file, folder));
  return checked;
}

}  // namespace atcert::batch
