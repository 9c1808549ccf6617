// SPDX-License-Identifier: Apache-2.0
// The files that a manifest names, compared with what lies beside it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "image/manifest.hpp"

namespace atcert::batch {

enum class FileState { good, missing, unreadable, wrong_size, wrong_digest };

// "good", "missing"...
std::string_view name_of(FileState state);

struct CheckedFile {
  image::ManifestFile file;
  FileState state = FileState::good;
  std::string what;  // what is wrong; empty if nothing is
};

// In the order of the manifest.
std::vector<CheckedFile> check_files(const image::Manifest& manifest, const std::filesystem::path& folder);

}  // namespace atcert::batch
