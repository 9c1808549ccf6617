// SPDX-License-Identifier: Apache-2.0
#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "base/descriptor.hpp"
#include "base/output.hpp"

namespace atcert {
namespace {

constexpr std::size_t kFirstStep = 4096;

Error input_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

Error read_error(const std::string& path, int error_number) {
  return input_error("file_unreadable", fmt::format("{}: cannot be read: {}", path, std::strerror(error_number)),
                     error_number == ENOENT ? "check the path" : "check the file and its permissions");
}

// Room for a whole file; for a pipe, to begin with.
std::size_t expected_size(int fd, std::size_t max_size) {
  struct stat status {};
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return kFirstStep;
  return std::max(kFirstStep, std::min(static_cast<std::size_t>(status.st_size), max_size));
}

// The number of bytes that were read, 0 at the end of the file, below 0 with errno set.
ssize_t read_some(int fd, std::span<std::uint8_t> room) {
  for (;;) {
    const ssize_t count = read(fd, room.data(), room.size());
    if (count >= 0 || errno != EINTR) return count;
  }
}

}  // namespace

Result<Secret> read_open_file(int descriptor, const std::string& path, std::size_t max_size) {
  Secret content = Secret::of_size(expected_size(descriptor, max_size));
  Secret more;  // for what follows when the room is full: mostly nothing
  std::size_t total = 0;
  for (;;) {
    const bool full = total == content.size();
    if (full && more.empty()) more = Secret::of_size(kFirstStep);
    const auto room = full ? more.writable() : content.writable().subspan(total);
    const ssize_t count = read_some(descriptor, room);
    if (count < 0) return read_error(path, errno);
    if (count == 0) break;
    if (full) content.append(room.first(static_cast<std::size_t>(count)));
    total += static_cast<std::size_t>(count);
    if (total > max_size) {
      return input_error("file_too_large", fmt::format("{}: is larger than {} bytes", path, max_size),
                         "check that this is the file you meant");
    }
  }
  content.shrink(total);
  return content;
}

Result<Secret> read_secret_file(const std::string& path, std::size_t max_size) {
  if (path == "-") return read_open_file(STDIN_FILENO, "standard input", max_size);
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return read_error(path, errno);
  return read_open_file(file.get(), path, max_size);
}

Result<Bytes> read_file(const std::string& path, std::size_t max_size) {
  ATCERT_TRY(const Secret, content, read_secret_file(path, max_size));
  const ByteView bytes = content.reveal();
  return Bytes(bytes.begin(), bytes.end());
}

Result<std::vector<NamedFile>> read_folder(const std::string& folder, std::size_t max_size) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored) && entry->file_size(ignored) <= max_size) paths.push_back(entry->path());
  }
  if (error) {
    return input_error("folder_unreadable", fmt::format("{}: cannot be read: {}", folder, error.message()),
                       "give the folder that holds the credentials");
  }
  std::sort(paths.begin(), paths.end());
  std::vector<NamedFile> files;
  for (const auto& path : paths) {
    ATCERT_TRY(Secret, content, read_secret_file(path.string(), max_size));
    files.push_back({path.string(), std::move(content)});
  }
  return files;
}

Result<void> write_file(const std::filesystem::path& path, ByteView bytes, Privacy privacy) {
  ATCERT_TRY(OutputFile, output, OutputFile::open(path, privacy));
  return output.write(bytes);
}

Result<void> write_new_file(const std::filesystem::path& path, ByteView bytes, Privacy privacy) {
  ATCERT_TRY(OutputFile, output, OutputFile::open(path, privacy));
  return output.write_new(bytes);
}

Result<void> write_new_files(const std::filesystem::path& folder, std::span<const NewFile> files) {
  std::vector<UnfinishedFile> written;
  written.reserve(files.size());
  for (const NewFile& file : files) {
    written.emplace_back(folder, mode_of(file.privacy));
    if (!written.back().open() || !written.back().write(file.bytes)) return write_error(folder / file.name, errno);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::filesystem::path path = folder / files[i].name;
    if (written[i].name(path)) continue;
    const int error_number = errno;
    for (std::size_t named = 0; named < i; ++named) unlink((folder / files[named].name).c_str());
    return write_error(path, error_number);
  }
  sync_folder(folder);
  return {};
}

}  // namespace atcert
