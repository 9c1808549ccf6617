// SPDX-License-Identifier: Apache-2.0
#include "serial/holders.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include <fmt/core.h>

#include "base/text.hpp"

namespace atcert::serial {
namespace {

namespace fs = std::filesystem;

// Documentation/admin-guide/devices.txt: 136 to 143 are the slaves of pseudo-terminals, 256 in each.
constexpr unsigned kFirstPty = 136;
constexpr unsigned kLastPty = 143;

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string program_of(pid_t process) {
  return printable(first_line(fmt::format("/proc/{}/comm", process)));
}

// The number of a pseudo-terminal, as its other end's fdinfo has it; -1 of other devices.
int pty_number(dev_t device) {
  if (!is_pseudo_terminal(device)) return -1;
  return static_cast<int>((major(device) - kFirstPty) * 256 + minor(device));
}

bool is_other_end(const fs::path& info, int number) {
  std::ifstream file(info);
  for (std::string line; std::getline(file, line);) {
    if (line == fmt::format("tty-index:\t{}", number)) return true;
  }
  return false;
}

// Whether the process has the device open and does not hold its other end.
bool has_open(const fs::path& process, dev_t device) {
  bool found = false;
  std::error_code error;
  for (fs::directory_iterator it(process / "fd", error), end; !error && it != end; it.increment(error)) {
    std::error_code unreadable;
    const fs::path target = fs::read_symlink(it->path(), unreadable);
    if (!target.native().starts_with("/dev/")) continue;
    struct stat status {};
    if (::stat(it->path().c_str(), &status) != 0 || !S_ISCHR(status.st_mode)) continue;
    found = found || status.st_rdev == device;
    if (pty_number(device) >= 0 && target.filename() == "ptmx" &&
        is_other_end(process / "fdinfo" / it->path().filename(), pty_number(device))) {
      return false;
    }
  }
  return found;
}

pid_t number_of(std::string_view text) {
  pid_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

// "1: FLOCK  ADVISORY  WRITE 4711 00:1a:8 0 EOF": the process, and device and inode of the locked file.
std::vector<pid_t> lockers_of(const struct stat& file) {
  const std::string inode = fmt::format("{:02x}:{:02x}:{}", major(file.st_dev), minor(file.st_dev), file.st_ino);
  std::vector<pid_t> lockers;
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, kind, manner, access, process, place;
    words >> number >> kind >> manner >> access >> process >> place;
    if (place == inode && number_of(process) > 0) lockers.push_back(number_of(process));
  }
  return lockers;
}

}  // namespace

bool is_pseudo_terminal(dev_t device) {
  return major(device) >= kFirstPty && major(device) <= kLastPty;
}

std::vector<Holder> holders_of(const std::string& name) {
  struct stat device {};
  if (::stat(name.c_str(), &device) != 0) return {};
  std::vector<pid_t> processes = lockers_of(device);
  std::error_code error;
  for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
    const pid_t process = number_of(it->path().filename().native());
    if (process > 0 && has_open(it->path(), device.st_rdev)) processes.push_back(process);
  }
  std::sort(processes.begin(), processes.end());
  processes.erase(std::unique(processes.begin(), processes.end()), processes.end());
  std::vector<Holder> holders;
  for (const pid_t process : processes) holders.push_back({process, program_of(process)});
  return holders;
}

std::vector<Holder> others_at(const std::string& name) {
  std::vector<Holder> holders = holders_of(name);
  std::erase_if(holders, [](const Holder& holder) { return holder.process == getpid(); });
  return holders;
}

std::string in_words(const std::vector<Holder>& holders) {
  std::string words;
  for (const Holder& holder : holders) {
    words += fmt::format("{}{} (process {})", words.empty() ? "" : ", ", holder.program, holder.process);
  }
  return words;
}

}  // namespace atcert::serial
