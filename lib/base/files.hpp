// SPDX-License-Identifier: Apache-2.0
// The edge to the file system: whole files in, whole files out. Writing is atomic: a temporary file in the same folder,
// synced, then renamed, so that a reader sees the old file or the new one and never half of one.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/named_file.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace atcert {

// Reads a whole file ("-" is standard input). Errors are of kind input: missing, not readable, a folder, larger than
// `max_size`.
Result<Secret> read_secret_file(const std::string& path, std::size_t max_size);
Result<Bytes> read_file(const std::string& path, std::size_t max_size);

// Reads the regular files directly in `folder`, by name; files over `max_size` are left out.
Result<std::vector<NamedFile>> read_folder(const std::string& folder, std::size_t max_size);

// Writes `bytes` to `path` atomically with the permissions `mode`, replacing what was there.
Result<void> write_file(const std::filesystem::path& path, ByteView bytes, mode_t mode = 0644);

struct NewFile {
  std::string name;
  ByteView bytes;
  mode_t mode = 0644;
};

// Writes several files into `folder`, each atomically: they all lie there complete before the first gets its name, and
// the names are given in their order. The folder is synced once, which on a disk is most of what small files cost.
Result<void> write_files(const std::filesystem::path& folder, std::span<const NewFile> files);

}  // namespace atcert
