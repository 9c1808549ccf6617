// SPDX-License-Identifier: Apache-2.0
// A folder for files that nobody else may read and that go when their owner goes; what a kill left of an earlier one
// goes when the next is made.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace atcert {

class ScratchFolder {
 public:
  // A new folder of mode 0700 below TMPDIR or /tmp, with `name` in its name. Removes leftovers of the
  // same name.
  static Result<ScratchFolder> create(std::string_view name);
  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&& other) noexcept;
  ~ScratchFolder();  // removes it with all that is in it

  const std::filesystem::path& path() const { return path_; }

 private:
  ScratchFolder(std::filesystem::path path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  void remove();

  std::filesystem::path path_;
  Descriptor lock_;  // says that its owner lives
};

}  // namespace atcert
