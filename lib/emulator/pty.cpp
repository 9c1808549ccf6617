// SPDX-License-Identifier: Apache-2.0
#include "emulator/pty.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <tuple>

#include <fmt/core.h>

#include "emulator/pty_line.hpp"
#include "emulator/uart.hpp"

namespace atcert::emulator {
namespace {

// UNIX98_PTY_SLAVE_MAJOR and the seven after it (Linux, Documentation/admin-guide/devices.txt).
constexpr unsigned kFirstPtyType = 136;
constexpr unsigned kLastPtyType = 143;

Error pty_error(std::string_view step) {
  return {ErrorKind::usage,
          "no_pty",
          fmt::format("no pseudo-terminal: {}: {}", step, std::strerror(errno)),
          {},
          "check that /dev/pts is mounted and not full"};
}

Error link_error(const std::string& link, const std::string& why) {
  return {ErrorKind::usage,
          "link_unwritable",
          fmt::format("{}: the link cannot be made: {}", link, why),
          {},
          "give --link a path that is free, or that is a link to nowhere, in a folder you may write"};
}

bool is_before(const timespec& left, const timespec& right) {
  return std::tie(left.tv_sec, left.tv_nsec) < std::tie(right.tv_sec, right.tv_nsec);
}

// Whoever makes a link to a port has the port first. A link that is older than the pseudo-terminal that it leads to was
// left behind by somebody who was killed, and the number has gone to another since: devpts gives out the lowest that is
// free, and stamps each with the time at which it was made.
bool leads_to_a_later_port(const std::string& link) {
  struct stat own {};
  struct stat port {};
  if (lstat(link.c_str(), &own) != 0 || stat(link.c_str(), &port) != 0) return false;
  const unsigned type = major(port.st_rdev);
  const bool pseudo_terminal = S_ISCHR(port.st_mode) && type >= kFirstPtyType && type <= kLastPtyType;
  return pseudo_terminal && is_before(own.st_ctim, port.st_ctim);
}

std::size_t count_of(ssize_t result) {
  return result < 0 ? 0 : static_cast<std::size_t>(result);
}

}  // namespace

Result<Pty> Pty::open() {
  Descriptor master(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!master.open()) return pty_error("posix_openpt");
  if (grantpt(master.get()) != 0 || unlockpt(master.get()) != 0) return pty_error("unlockpt");
  std::array<char, 128> path{};
  if (ptsname_r(master.get(), path.data(), path.size()) != 0) return pty_error("ptsname");
  Descriptor slave(::open(path.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!slave.open() || !make_raw_line(slave.get(), kDefaultBaudRate)) return pty_error(path.data());
  return Pty(std::move(master), std::move(slave), path.data());
}

std::size_t Pty::read(std::span<std::uint8_t> into) const {
  return count_of(::read(master_.get(), into.data(), into.size()));
}

std::size_t Pty::write(ByteView bytes) const {
  return count_of(::write(master_.get(), bytes.data(), bytes.size()));
}

std::size_t Pty::unread() const {
  int count = 0;
  return ioctl(slave_.get(), FIONREAD, &count) == 0 ? static_cast<std::size_t>(count) : 0;
}

int Pty::baud_rate() const {
  return line_baud_rate(master_.get());
}

Result<PortLink> PortLink::make(std::string link, const std::string& port) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(link, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_symlink(status)) {
    return link_error(link, "there is a file of that name");
  }
  // An emulator that is killed leaves its link behind; the number of its port may be ours now.
  std::error_code gone;
  const auto target = std::filesystem::read_symlink(link, gone);
  if (std::filesystem::exists(link, error) && target != port && !leads_to_a_later_port(link)) {
    return link_error(link, fmt::format("it leads to {}, which is in use", target.string()));
  }
  const std::string temporary = fmt::format("{}.{}", link, getpid());
  std::filesystem::create_symlink(port, temporary, error);
  if (!error) std::filesystem::rename(temporary, link, error);
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    return link_error(link, error.message());
  }
  return PortLink(std::move(link), port);
}

PortLink::~PortLink() {
  if (link_.empty()) return;
  std::error_code error;
  const auto target = std::filesystem::read_symlink(link_, error);
  if (!error && target == port_) std::filesystem::remove(link_, error);
}

}  // namespace atcert::emulator
