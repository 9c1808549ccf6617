// SPDX-License-Identifier: Apache-2.0
// What a folder of images holds before something is written there, and whose it is: told by its manifest, or where that
// is missing or damaged, by the certificates in the images themselves.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace atcert::batch {

inline constexpr const char* kManifestName = "manifest.json";
inline constexpr const char* kFlashArgs = "flash_args";

struct HeldImages {
  std::vector<std::string> images;        // the names of images, of whatever firmware
  std::vector<std::string> certificates;  // their fingerprints; empty: there is none, or nobody can say
  bool has_manifest = false;              // which can be read
  bool has_others = false;                // what is no part of a set lies there too

  // Nobody can say whose images these are.
  bool is_unknown() const { return !has_manifest && certificates.empty() && !images.empty(); }
};

// What is no folder holds nothing.
HeldImages look_into(const std::filesystem::path& folder);

// The fingerprints alone, with no more work than that takes.
std::vector<std::string> certificates_in(const std::filesystem::path& folder);

// The names of the images alone.
std::vector<std::string> images_in(const std::filesystem::path& folder);

}  // namespace atcert::batch
