// SPDX-License-Identifier: Apache-2.0
#include "support/bad_line.hpp"

// The kernel's own header and not <termios.h>: only this one has termios2.
#include <asm/termbits.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "support/require.hpp"

namespace atcert::test {
namespace {

constexpr std::size_t kShortLine = 15;

Descriptor open_raw(const std::string& port) {
  Descriptor opened(open(port.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  REQUIRE(opened.open());
  termios2 settings{};
  REQUIRE(ioctl(opened.get(), TCGETS2, &settings) == 0);
  settings.c_iflag = settings.c_oflag = settings.c_lflag = 0;
  settings.c_cflag = CREAD | CLOCAL | CS8 | (settings.c_cflag & CBAUD);
  REQUIRE(ioctl(opened.get(), TCSETS2, &settings) == 0);
  return opened;
}

std::string read_some(int fd) {
  std::array<char, 4096> part;
  const ssize_t count = read(fd, part.data(), part.size());
  return {part.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

// Waits for room, at both ends there is somebody who reads.
void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd room{fd, POLLOUT, 0};
    const ssize_t count = poll(&room, 1, 1000) == 1 ? write(fd, bytes.data(), bytes.size()) : -1;
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

BadLine::BadLine(const std::string& module_port, LineFault fault, std::string secret)
    : pty_(require(emulator::Pty::open())),
      module_(open_raw(module_port)),
      stop_(eventfd(0, EFD_CLOEXEC)),
      fault_(fault),
      secret_(std::move(secret)),
      thread_([this] { carry(); }) {}

BadLine::~BadLine() {
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void BadLine::carry() {
  for (;;) {
    std::array<pollfd, 3> ends{{{pty_.descriptor(), POLLIN, 0}, {module_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
    if (poll(ends.data(), ends.size(), -1) < 0 || ends[2].revents != 0) return;
    if (ends[0].revents != 0) {
      const std::string sent = read_some(pty_.descriptor());
      follow_rate();
      // The echo is there before the module has read the line.
      write_all(pty_.descriptor(), echo_of(sent));
      write_all(module_.get(), arriving(sent));
    }
    if (ends[1].revents != 0) write_all(pty_.descriptor(), reply_of(read_some(module_.get())));
  }
}

// The module's end runs at the rate that the tool has set at its own.
void BadLine::follow_rate() const {
  termios2 settings{};
  if (pty_.baud_rate() <= 0 || ioctl(module_.get(), TCGETS2, &settings) != 0) return;
  settings.c_cflag &= ~static_cast<tcflag_t>(CBAUD | (CBAUD << IBSHIFT));
  settings.c_cflag |= BOTHER | (BOTHER << IBSHIFT);
  settings.c_ospeed = settings.c_ispeed = static_cast<speed_t>(pty_.baud_rate());
  ioctl(module_.get(), TCSETS2, &settings);
}

std::string BadLine::echo_of(std::string_view sent) const {
  std::string echo;
  switch (fault_) {
    case LineFault::echo:
      return std::string(sent);
    case LineFault::echo_without_first_byte:
      return std::string(sent.substr(std::min<std::size_t>(1, sent.size())));
    case LineFault::echo_with_busy_inside:
      return fmt::format("{}busy p...\r\n{}", sent.substr(0, sent.size() / 2), sent.substr(sent.size() / 2));
    case LineFault::echo_in_short_lines:
      for (; !sent.empty(); sent.remove_prefix(std::min(kShortLine, sent.size()))) {
        echo.append(sent.substr(0, kShortLine)).append("\r\n");
      }
      return echo;
    case LineFault::echo_in_hex:
      for (const char c : sent) echo += fmt::format("{:02x} ", static_cast<unsigned char>(c));
      return echo + "\r\n";
    case LineFault::secret_in_gmr:
    case LineFault::ten_bytes_of_a_key_lost:
    case LineFault::ten_bytes_of_keys_lost:
      return echo;
  }
  return echo;
}

std::string BadLine::arriving(std::string sent) {
  const bool loses =
      fault_ == LineFault::ten_bytes_of_keys_lost || (fault_ == LineFault::ten_bytes_of_a_key_lost && !lost_);
  const std::size_t key = loses ? sent.find("PRIVATE KEY-----") : std::string::npos;
  if (key == std::string::npos) return sent;
  lost_ = true;
  return sent.erase(std::min(key + 100, sent.size()), 10);
}

std::string BadLine::reply_of(std::string said) const {
  const std::size_t at = fault_ == LineFault::secret_in_gmr ? said.find("SDK version:") : std::string::npos;
  if (at != std::string::npos) said.insert(at, secret_);
  return said;
}

}  // namespace atcert::test
