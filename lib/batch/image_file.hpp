// SPDX-License-Identifier: Apache-2.0
// One image in a file, and whose it is: told by the certificates in it. What an image takes the place of may be another
// device's, with its only copy of a key.
#pragma once

#include <filesystem>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/nvs_encryption.hpp"

namespace atcert::batch {

// Whether `image` may take the place of what the file holds: none is there, or the same bytes, or an image all of whose
// certificates are in the new one too. Otherwise an error of kind taken. `keys` are of an encrypted mfg_nvs in both;
// may be null.
Result<void> check_file_place(const std::filesystem::path& path, ByteView image, const image::NvsKeys* keys);

}  // namespace atcert::batch
