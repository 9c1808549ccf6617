// SPDX-License-Identifier: Apache-2.0
// The edge to the file system: whole files in, whole files out. Writing is atomic: a reader sees the old file or the
// new one and never half of one.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/named_file.hpp"
#include "base/place.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace atcert {

// Reads a whole file ("-" is standard input). Errors are of kind input: missing, not readable, a folder, larger than
// `max_size`.
Result<Secret> read_secret_file(const std::string& path, std::size_t max_size);
Result<Bytes> read_file(const std::string& path, std::size_t max_size);

// The same of a file that is open; `path` is what it is called.
Result<Secret> read_open_file(int descriptor, const std::string& path, std::size_t max_size);

// Reads the regular files directly in `folder`, by name; files over `max_size` are left out.
Result<std::vector<NamedFile>> read_folder(const std::string& folder, std::size_t max_size);

// Writes `bytes` as a whole to `path` (output.hpp): a regular file there is replaced.
Result<void> write_file(const std::filesystem::path& path, ByteView bytes, Privacy privacy = Privacy::open);
// The same where no file is yet.
Result<void> write_new_file(const std::filesystem::path& path, ByteView bytes, Privacy privacy);

struct NewFile {
  std::string name;
  ByteView bytes;
  Privacy privacy = Privacy::open;
};

// Writes several new files into `folder`: when all are on the disk they get their names, in their order. When one
// cannot be written, none is there. The folder is synced once, which on a disk is most of what small files cost.
Result<void> write_new_files(const std::filesystem::path& folder, std::span<const NewFile> files);

}  // namespace atcert
