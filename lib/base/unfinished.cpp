// SPDX-License-Identifier: Apache-2.0
#include "base/unfinished.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "base/leftovers.hpp"

namespace atcert {
namespace {

constexpr int kPatienceMs = 10'000;       // with a reader that does not read
constexpr std::size_t kPipePiece = 4096;  // PIPE_BUF: a pipe that is ready takes so much at once
constexpr int kAttempts = 100;
constexpr mode_t kModeBits = 07777;

bool is_regular(const std::filesystem::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// Not for a file system that has no such rename: there, nothing but an empty folder can be in the way.
bool rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  struct stat status {};
  if (errno != EINVAL || lstat(to.c_str(), &status) == 0) return false;
  return rename(from.c_str(), to.c_str()) == 0;
}

bool no_unnamed_files(int error_number) {
  return error_number == EOPNOTSUPP || error_number == EISDIR || error_number == EINVAL;
}

}  // namespace

UnfinishedFile::UnfinishedFile(std::filesystem::path folder, mode_t mode, Birth birth) : folder_(std::move(folder)) {
  if (birth == Birth::unnamed) {
    file_ = Descriptor(::open(folder_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode));
    if (!file_.open() && !no_unnamed_files(errno)) return;
  }
  if (file_.open()) {
    flock(file_.get(), LOCK_EX | LOCK_NB);  // for the hidden name that it may get
  } else {
    make_hidden(mode);
  }
}

UnfinishedFile::UnfinishedFile(UnfinishedFile&& other) noexcept
    : folder_(std::move(other.folder_)), hidden_(std::exchange(other.hidden_, {})), file_(std::move(other.file_)) {}

UnfinishedFile::~UnfinishedFile() {
  if (!hidden_.empty()) unlink(hidden_.c_str());
}

void UnfinishedFile::make_hidden(mode_t mode) {
  for (int i = 0; i < kAttempts; ++i) {
    hidden_ = folder_ / temporary_name(kUnfinished);
    file_ = Descriptor(::open(hidden_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, mode));
    if (file_.open() && lock_temporary(hidden_, file_)) return;
    hidden_.clear();
    if (!file_.open() && errno != EEXIST) return;
    file_ = Descriptor();
  }
}

bool UnfinishedFile::write(ByteView bytes) {
  return write_all(file_.get(), bytes) && fsync(file_.get()) == 0;
}

bool UnfinishedFile::link(const std::filesystem::path& path) const {
  const std::string own = fmt::format("/proc/self/fd/{}", file_.get());
  if (linkat(AT_FDCWD, own.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0) return true;
  // Without /proc; only newer systems let every user do this.
  return errno == ENOENT && linkat(file_.get(), "", AT_FDCWD, path.c_str(), AT_EMPTY_PATH) == 0;
}

bool UnfinishedFile::link_hidden() {
  for (int i = 0; i < kAttempts; ++i) {
    const std::filesystem::path hidden = folder_ / temporary_name(kUnfinished);
    if (link(hidden)) {
      hidden_ = hidden;
      return true;
    }
    if (errno != EEXIST) return false;
  }
  return false;
}

bool UnfinishedFile::name(const std::filesystem::path& path) {
  if (hidden_.empty()) return link(path);
  if (!rename_to_new(hidden_, path)) return false;
  hidden_.clear();
  return true;
}

bool UnfinishedFile::replace(const std::filesystem::path& path) {
  if (name(path)) return true;
  if (errno != EEXIST) return false;
  if (!is_regular(path)) {
    errno = EEXIST;
    return false;
  }
  if (hidden_.empty() && !link_hidden()) return false;
  if (rename(hidden_.c_str(), path.c_str()) != 0) return false;
  hidden_.clear();
  return true;
}

UnfinishedFolder::UnfinishedFolder(const std::filesystem::path& parent, mode_t mode) {
  for (int i = 0; i < kAttempts; ++i) {
    path_ = parent / temporary_name(kUnfinished);
    if (mkdir(path_.c_str(), mode) == 0) {
      folder_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (folder_.open() && lock_temporary(path_, folder_)) return;
    } else if (errno != EEXIST) {
      break;
    }
  }
  const int error_number = errno;
  path_.clear();
  folder_ = Descriptor();
  errno = error_number;
}

UnfinishedFolder::~UnfinishedFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

bool UnfinishedFolder::take_after(const struct stat& other) const {
  static_cast<void>(!fchown(folder_.get(), other.st_uid, other.st_gid));  // mostly it is the same already
  return fchmod(folder_.get(), other.st_mode & kModeBits) == 0;
}

bool UnfinishedFolder::name(const std::filesystem::path& path) {
  if (!rename_to_new(path_, path)) return false;
  path_.clear();
  return true;
}

bool UnfinishedFolder::exchange(const std::filesystem::path& path) const {
  return renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0;
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.open()) fsync(opened.get());
}

bool write_all(int descriptor, ByteView bytes) {
  struct stat status {};
  const bool waits = fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode);
  while (!bytes.empty()) {
    pollfd room{descriptor, POLLOUT, 0};
    const int ready = waits ? poll(&room, 1, kPatienceMs) : 1;
    if (ready == 0) errno = ETIMEDOUT;
    if (ready == 0 || (ready < 0 && errno != EINTR)) return false;
    if (ready < 0) continue;
    const ssize_t count = ::write(descriptor, bytes.data(), waits ? std::min(bytes.size(), kPipePiece) : bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace atcert
