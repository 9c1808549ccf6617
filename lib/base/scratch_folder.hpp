// SPDX-License-Identifier: Apache-2.0
// A folder for files that nobody else may read and that go when their owner goes.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace atcert {

class ScratchFolder {
 public:
  // A new folder of mode 0700 below TMPDIR or /tmp, with `name` in its name.
  static Result<ScratchFolder> create(std::string_view name);
  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&& other) noexcept;
  ~ScratchFolder();  // removes it with all that is in it

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  void remove();

  std::filesystem::path path_;
};

}  // namespace atcert
