// SPDX-License-Identifier: Apache-2.0
#include "base/scratch_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/core.h>

namespace atcert {

Result<ScratchFolder> ScratchFolder::create(std::string_view name) {
  const char* chosen = std::getenv("TMPDIR");
  const std::string parent = chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
  std::string path = fmt::format("{}/atcert-{}-XXXXXX", parent, name);
  if (mkdtemp(path.data()) == nullptr) {
    return Error{ErrorKind::usage,
                 "folder_unwritable",
                 fmt::format("{}: no folder can be made there: {}", parent, std::strerror(errno)),
                 {},
                 "set TMPDIR to a folder that is writable and has room"};
  }
  return ScratchFolder(std::filesystem::path(path));
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
  if (this != &other) {
    remove();
    path_ = std::exchange(other.path_, {});
  }
  return *this;
}

ScratchFolder::~ScratchFolder() {
  remove();
}

void ScratchFolder::remove() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace atcert
