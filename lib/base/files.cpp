// SPDX-License-Identifier: Apache-2.0
#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/core.h>

#include "base/descriptor.hpp"

namespace atcert {
namespace {

constexpr std::size_t kReadStep = 64 * 1024;

Error input_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

Error read_error(const std::string& path, int error_number) {
  return input_error("file_unreadable", fmt::format("{}: cannot be read: {}", path, std::strerror(error_number)),
                     error_number == ENOENT ? "check the path" : "check the file and its permissions");
}

Error write_error(const std::filesystem::path& path, int error_number) {
  return {ErrorKind::usage,
          "file_unwritable",
          fmt::format("{}: cannot be written: {}", path.string(), std::strerror(error_number)),
          {},
          "check that the folder exists, is writable and has room"};
}

// Appends what `fd` holds to `sink`, which is a Secret or Bytes through `append`.
template <typename Append>
Result<void> read_all(int fd, const std::string& path, std::size_t max_size, Append append) {
  Secret buffer = Secret::of_size(kReadStep);
  std::size_t total = 0;
  for (;;) {
    const ssize_t count = read(fd, buffer.writable().data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return read_error(path, errno);
    if (count == 0) return {};
    total += static_cast<std::size_t>(count);
    if (total > max_size) {
      return input_error("file_too_large", fmt::format("{}: is larger than {} bytes", path, max_size),
                         "check that this is the file you meant");
    }
    append(buffer.reveal().first(static_cast<std::size_t>(count)));
  }
}

template <typename Append>
Result<void> read_path(const std::string& path, std::size_t max_size, Append append) {
  if (path == "-") return read_all(STDIN_FILENO, "standard input", max_size, append);
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return read_error(path, errno);
  return read_all(file.get(), path, max_size, append);
}

bool write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Result<Secret> read_secret_file(const std::string& path, std::size_t max_size) {
  Secret content;
  ATCERT_CHECK(read_path(path, max_size, [&](ByteView part) { content.append(part); }));
  return content;
}

Result<Bytes> read_file(const std::string& path, std::size_t max_size) {
  Bytes content;
  ATCERT_CHECK(
      read_path(path, max_size, [&](ByteView part) { content.insert(content.end(), part.begin(), part.end()); }));
  return content;
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

Result<void> write_file(const std::filesystem::path& path, ByteView bytes, mode_t mode) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::string temporary = (folder / ("." + path.filename().string() + ".XXXXXX")).string();
  Descriptor file(mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.open()) return write_error(path, errno);
  const bool written = fchmod(file.get(), mode) == 0 && write_all(file.get(), bytes) && fsync(file.get()) == 0 &&
                       file.close_now() && rename(temporary.c_str(), path.c_str()) == 0;
  if (!written) {
    const int error_number = errno;
    unlink(temporary.c_str());
    return write_error(path, error_number);
  }
  const Descriptor parent(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.open()) fsync(parent.get());
  return {};
}

}  // namespace atcert
