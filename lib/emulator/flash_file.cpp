// SPDX-License-Identifier: Apache-2.0
#include "emulator/flash_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include <fmt/core.h>

#include "base/files.hpp"
#include "base/plural.hpp"

namespace atcert::emulator {
namespace {

Error flash_error(std::string code, const std::string& path, std::string_view what, std::string remedy) {
  return {ErrorKind::usage, std::move(code), fmt::format("{}: {}", path, what), {}, std::move(remedy)};
}

}  // namespace

FlashFile::FlashFile(std::string path, Descriptor file, Secret content)
    : path_(std::move(path)), file_(std::move(file)), memory_(std::move(content)) {
  memory_.observe([this](std::size_t offset, ByteView bytes) { follow(offset, bytes); });
}

Result<std::unique_ptr<FlashFile>> FlashFile::open(const std::string& path) {
  ATCERT_CHECK(find_place(path, Privacy::secret));
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0 && errno == ENOENT) {
    const FlashMemory blank;
    ATCERT_CHECK(write_new_file(path, blank.read(0, blank.size()), Privacy::secret));
  }
  Descriptor file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  if (!file.open()) {
    return flash_error("flash_unreadable", path, fmt::format("cannot be opened: {}", std::strerror(errno)),
                       "check the path and its permissions");
  }
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return flash_error("flash_in_use", path, "another emulated module has this flash",
                       "give each emulated module a file of its own");
  }
  ATCERT_TRY(Secret, content, read_open_file(file.get(), path, kFlashSize + 1));
  if (content.size() != kFlashSize) {
    return flash_error("flash_size", path,
                       fmt::format("has {}, a flash has {}", counted(content.size(), "byte"), kFlashSize),
                       "give a file that atcert emulate has made, or a dump of a 4 MiB flash");
  }
  if (fchmod(file.get(), mode_of(Privacy::secret)) != 0) {
    return flash_error("flash_not_private", path, fmt::format("cannot be closed to others: {}", std::strerror(errno)),
                       "give a file of your own, which others cannot read");
  }
  return std::unique_ptr<FlashFile>(new FlashFile(path, std::move(file), std::move(content)));
}

void FlashFile::follow(std::size_t offset, ByteView bytes) {
  dirty_ = true;
  while (!bytes.empty() && error_ == 0) {
    const ssize_t count = pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      error_ = errno;
      return;
    }
    offset += static_cast<std::size_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

Result<void> FlashFile::sync() {
  if (dirty_ && error_ == 0 && fdatasync(file_.get()) != 0) error_ = errno;
  dirty_ = false;
  if (error_ == 0) return {};
  return flash_error("flash_unwritable", path_, fmt::format("cannot be written: {}", std::strerror(error_)),
                     "check that the disk has room");
}

}  // namespace atcert::emulator
