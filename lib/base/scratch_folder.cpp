// SPDX-License-Identifier: Apache-2.0
#include "base/scratch_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/leftovers.hpp"

namespace atcert {
namespace {

constexpr int kAttempts = 100;

Error scratch_error(const std::string& parent, int error_number) {
  return {ErrorKind::usage,
          "folder_unwritable",
          fmt::format("{}: no folder can be made there: {}", parent, std::strerror(error_number)),
          {},
          "set TMPDIR to a folder that is writable and has room"};
}

}  // namespace

Result<ScratchFolder> ScratchFolder::create(std::string_view name) {
  const char* chosen = std::getenv("TMPDIR");
  const std::string parent = chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
  const std::string prefix = fmt::format("atcert-{}.", name);
  remove_leftovers(parent, prefix);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const std::filesystem::path path = std::filesystem::path(parent) / temporary_name(prefix);
    if (mkdir(path.c_str(), S_IRWXU) != 0) {
      if (errno == EEXIST) continue;
      return scratch_error(parent, errno);
    }
    ScratchFolder folder(path, Descriptor(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    if (lock_temporary(path, folder.lock_)) return folder;
  }
  return scratch_error(parent, errno);
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
  if (this != &other) {
    remove();
    path_ = std::exchange(other.path_, {});
    lock_ = std::move(other.lock_);
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
