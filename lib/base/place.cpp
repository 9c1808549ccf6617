// SPDX-License-Identifier: Apache-2.0
#include "base/place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/core.h>

namespace atcert {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxLinks = 8;
constexpr mode_t kFolderMode = 0755;

Error place_error(std::string code, const fs::path& path, std::string_view what, std::string remedy) {
  return {ErrorKind::usage, std::move(code), fmt::format("{}: {}", path.string(), what), {}, std::move(remedy)};
}

Error stream_and_secret(const fs::path& path) {
  return place_error("output_not_private", path, "is no file, and what may hold a private key goes into files alone",
                     "give the name of a file");
}

std::optional<int> number_of(const std::string& name) {
  int number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error == std::errc() && end == name.data() + name.size() && number >= 0) return number;
  return std::nullopt;
}

// The descriptor of ours that the path leads to: /dev/stdout and /dev/fd/3 are links into /proc/self/fd. What such a
// descriptor has open, the shell chose and opened.
std::optional<int> own_descriptor(fs::path path) {
  std::error_code error;
  const fs::path own = fs::canonical("/proc/self/fd", error);
  for (int i = 0; !error && i < kMaxLinks; ++i) {
    const fs::path folder = fs::canonical(folder_of(path), error);
    if (error) break;
    if (folder == own) return number_of(path.filename().string());
    path = folder / fs::read_symlink(path, error);
  }
  return std::nullopt;
}

Result<Place> stream(Place place, Privacy privacy) {
  if (privacy == Privacy::secret) return stream_and_secret(place.path);
  place.is_stream = true;
  return place;
}

Error link_error(const fs::path& path, std::string_view to) {
  return place_error("output_link", path, fmt::format("is a symbolic link to {}", to),
                     "give the name of the file itself, or remove the link");
}

Result<Place> place_behind_link(const fs::path& path, Privacy privacy) {
  if (const auto descriptor = own_descriptor(path)) return stream({path, true, *descriptor}, privacy);
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return link_error(path, "nowhere");
  if (S_ISREG(status.st_mode)) return link_error(path, "a file");
  if (S_ISDIR(status.st_mode)) return write_error(path, EISDIR);
  return stream({path}, privacy);
}

// Of ours, for as long as the process has it.
Result<Descriptor> duplicate(const Place& place) {
  const int flags = fcntl(place.descriptor, F_GETFL);
  if (flags >= 0 && (flags & O_ACCMODE) == O_RDONLY) return write_error(place.path, EBADF);
  Descriptor copy(fcntl(place.descriptor, F_DUPFD_CLOEXEC, 3));
  if (!copy.open()) return write_error(place.path, errno);
  return copy;
}

}  // namespace

Result<Place> find_place(const fs::path& path, Privacy privacy) {
  if (path == "-") return stream({"standard output", true, STDOUT_FILENO}, privacy);
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) return write_error(path, errno);
    if (!path.has_filename()) return write_error(path, path.empty() ? ENOENT : EISDIR);
    return Place{path};
  }
  if (S_ISREG(status.st_mode)) return Place{path};
  if (S_ISDIR(status.st_mode)) return write_error(path, EISDIR);
  if (S_ISLNK(status.st_mode)) return place_behind_link(path, privacy);
  return stream({path}, privacy);
}

Result<Descriptor> open_stream(const Place& place) {
  if (place.descriptor >= 0) return duplicate(place);
  // A pipe that nobody reads and a line without a carrier would hold us up here.
  Descriptor file(open(place.path.c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!file.open() && errno == ENXIO) {
    return place_error("output_unread", place.path, "is a pipe that nobody reads from", "start its reader first");
  }
  if (!file.open()) return write_error(place.path, errno);
  struct stat status {};
  if (fstat(file.get(), &status) != 0) return write_error(place.path, errno);
  if (S_ISREG(status.st_mode)) return write_error(place.path, EEXIST);  // put there just now
  if (fcntl(file.get(), F_SETFL, fcntl(file.get(), F_GETFL) & ~O_NONBLOCK) != 0) return write_error(place.path, errno);
  return file;
}

Error write_error(const fs::path& path, int error_number) {
  return place_error(
      "file_unwritable", path, fmt::format("cannot be written: {}", std::strerror(error_number)),
      error_number == EISDIR ? "give the name of a file" : "check that the folder exists, is writable and has room");
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

Result<void> make_folders(const fs::path& folder) {
  if (folder == "-") {
    return place_error("folder_unwritable", folder, "is standard output, and several files are to be written",
                       "give a folder");
  }
  int error_number = 0;
  fs::path made;
  for (const fs::path& part : folder) {
    made /= part;
    if (part.empty() || mkdir(made.c_str(), kFolderMode) == 0 || errno == EEXIST) continue;
    error_number = errno;
  }
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  if (error_number == 0) error_number = ENOTDIR;
  return place_error("folder_unwritable", folder, fmt::format("cannot be made: {}", std::strerror(error_number)),
                     "give a folder that can be written");
}

}  // namespace atcert
