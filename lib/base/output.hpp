// SPDX-License-Identifier: Apache-2.0
// The one way to write outputs. OutputFile is written as a whole: its place is tried when it is opened, a regular file
// there is replaced in one step when all bytes are on the disk. OutputStream grows while a job runs, under its name
// from the start. What stands in a place is judged in place.hpp: devices and pipes are written into, links are refused.
#pragma once

#include <filesystem>
#include <optional>

#include "base/bytes.hpp"
#include "base/place.hpp"
#include "base/result.hpp"
#include "base/unfinished.hpp"

namespace atcert {

class OutputFile {
 public:
  static Result<OutputFile> open(const std::filesystem::path& path, Privacy privacy);

  // All of it, once.
  Result<void> write(ByteView bytes);
  // The same, but an error (EEXIST) where a file is there already.
  Result<void> write_new(ByteView bytes);

 private:
  explicit OutputFile(Place place) : place_(std::move(place)) {}

  Place place_;
  Descriptor stream_;
  std::optional<UnfinishedFile> file_;
};

class OutputStream {
 public:
  // A new file has mode 0600.
  static Result<OutputStream> open(const std::filesystem::path& path);

  // What cannot be written is remembered: a job does not end for its log.
  void write(ByteView bytes);
  // Says at the end whether all of it was written.
  Result<void> end() const;

 private:
  OutputStream(Place place, Descriptor file) : place_(std::move(place)), file_(std::move(file)) {}

  Place place_;
  Descriptor file_;
  std::size_t failed_ = 0;
  int error_ = 0;  // the first
};

}  // namespace atcert
