// SPDX-License-Identifier: Apache-2.0
// The folder of an image set: whether the set may go there, whether it is there already, and the exchange of what is
// there for it, whole or not at all.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "batch/image_set.hpp"

namespace atcert::batch {

struct WriteOptions {
  bool force = false;  // images of another certificate or for other firmware give way
  bool alone = true;   // removes leftovers in the folder above, and syncs it; a batch does that once
};

// Whether the set may take the place of what the folder holds. Errors: images of another certificate (kind taken), or
// of nobody knows which; images for other firmware, which nobody would flash together and which may hold a private key.
Result<void> check_place(const ImageSet& set, const std::filesystem::path& folder, const WriteOptions& options);

// Writes the folder, which need not be there, whole or not at all: it is filled beside its place and takes the place of
// the old one in one step. Where that cannot be done (a mount point, the current folder, other files in it, no right to
// write above it) a first set is put in file by file, the manifest last, and taken back when one fails; a set that is
// there already is then refused.
Result<void> write_image_set(const ImageSet& set, const std::filesystem::path& folder,
                             const WriteOptions& options = {});

// Whether the folder holds this very set and no other images: every file byte for byte, the secret ones for nobody else
// to read.
bool is_written(const ImageSet& set, const std::filesystem::path& folder);

}  // namespace atcert::batch
