// SPDX-License-Identifier: Apache-2.0
#include "base/leftovers.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <system_error>

namespace atcert {
namespace {

constexpr std::size_t kLetters = 6;
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

// Whether `path` is still the name of what was opened.
bool still_named(const std::filesystem::path& path, const struct stat& opened) {
  struct stat there {};
  return lstat(path.c_str(), &there) == 0 && there.st_dev == opened.st_dev && there.st_ino == opened.st_ino;
}

void remove_if_leftover(const std::filesystem::path& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.open() || fstat(file.get(), &status) != 0 || status.st_uid != geteuid()) return;
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return;
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0 || !still_named(path, status)) return;
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

}  // namespace

std::string temporary_name(std::string_view prefix) {
  // Nothing hangs on these letters: who makes a file of this name does not take one that is there.
  std::array<std::uint8_t, kLetters> random{};
  static_cast<void>(!getrandom(random.data(), random.size(), 0));
  std::string name(prefix);
  for (const std::uint8_t byte : random) name += kAlphabet[byte % kAlphabet.size()];
  return name;
}

bool is_temporary_name(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix) || name.size() != prefix.size() + kLetters) return false;
  return name.find_first_not_of(kAlphabet, prefix.size()) == std::string_view::npos;
}

bool lock_temporary(const std::filesystem::path& path, const Descriptor& opened) {
  // A sweep holds the lock for a moment. Where the file system knows no locks, nobody sweeps either.
  flock(opened.get(), LOCK_EX);
  struct stat status {};
  return fstat(opened.get(), &status) == 0 && still_named(path, status);
}

void remove_leftovers(const std::filesystem::path& folder, std::string_view prefix) {
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (const std::filesystem::directory_iterator end; !error && entry != end; entry.increment(error)) {
    if (is_temporary_name(entry->path().filename().native(), prefix)) remove_if_leftover(entry->path());
  }
}

}  // namespace atcert
