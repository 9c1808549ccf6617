// SPDX-License-Identifier: Apache-2.0
#include "serial/serial_port.hpp"

// The kernel's own header and not <termios.h>: the two declare the same names, and only this one has termios2.
#include <asm/termbits.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "serial/port_errors.hpp"

namespace atcert::serial {
namespace {

// While output drains nothing wakes us up, so the queue is looked at this often.
constexpr Milliseconds kDrainPoll{2};

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

// Waits for `events` on `fd`. False: the deadline passed. Errors and hang-ups count as ready: the next read or write
// tells which.
bool wait_ready(int fd, short events, SteadyTime deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - now()).count();
    pollfd entry{fd, events, 0};
    const int ready = poll(&entry, 1, static_cast<int>(std::clamp<long long>(left, 0, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;
    if (left <= 0) return false;
  }
}

void make_raw(termios2& settings) {
  settings.c_iflag = IGNBRK | IGNPAR;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  // Without HUPCL closing the port leaves DTR and RTS alone.
  settings.c_cflag = CREAD | CLOCAL | CS8;
  settings.c_cc[VMIN] = 0;
  settings.c_cc[VTIME] = 0;
}

}  // namespace

Result<SerialPort> SerialPort::open(const std::string& name, unsigned baud) {
  const int fd = ::open(name.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return open_error(name, errno);
  SerialPort port(name, fd);
  ATCERT_CHECK(port.set_up(baud));
  return port;
}

SerialPort::SerialPort(SerialPort&& other) noexcept
    : name_(std::move(other.name_)), fd_(std::exchange(other.fd_, -1)) {}

SerialPort& SerialPort::operator=(SerialPort&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(fd_, other.fd_);
  return *this;
}

// TIOCEXCL would outlive us on a port that somebody else had open before, as an emulated module has its own.
SerialPort::~SerialPort() {
  if (fd_ < 0) return;
  ioctl(fd_, TIOCNXCL);
  close(fd_);
}

// TIOCEXCL keeps others out, but not root; the lock keeps another atcert out even then.
Result<void> SerialPort::set_up(unsigned baud) {
  if (isatty(fd_) == 0) return open_error(name_, ENOTTY);
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0 || ioctl(fd_, TIOCEXCL) != 0) return open_error(name_, errno);
  ATCERT_CHECK(set_control_lines(false, false));
  ATCERT_CHECK(set_baud_rate(baud));
  ioctl(fd_, TCFLSH, TCIFLUSH);  // what came before we set the rate is garbage
  return {};
}

Result<void> SerialPort::set_baud_rate(unsigned baud) {
  termios2 settings{};
  if (ioctl(fd_, TCGETS2, &settings) != 0) return gone(errno);
  make_raw(settings);
  settings.c_cflag |= BOTHER | (BOTHER << IBSHIFT);
  settings.c_ospeed = settings.c_ispeed = baud;
  if (ioctl(fd_, TCSETS2, &settings) == 0) return {};
  return Error{ErrorKind::no_module, "baud_rate", fmt::format("{} cannot run at {} baud", name_, baud),
               std::strerror(errno), "give another rate with --baud"};
}

// Both lines change in one call: on boards with an auto-reset circuit RTS alone asserted resets the module. A
// pseudo-terminal has no such lines (ENOTTY, or EINVAL).
Result<void> SerialPort::set_control_lines(bool dtr, bool rts) {
  int lines = 0;
  if (ioctl(fd_, TIOCMGET, &lines) != 0) return errno == ENOTTY || errno == EINVAL ? Result<void>() : gone(errno);
  lines &= ~(TIOCM_DTR | TIOCM_RTS);
  if (dtr) lines |= TIOCM_DTR;
  if (rts) lines |= TIOCM_RTS;
  if (ioctl(fd_, TIOCMSET, &lines) != 0) return gone(errno);
  return {};
}

Result<std::size_t> SerialPort::read(std::span<std::uint8_t> into, SteadyTime deadline) {
  for (;;) {
    if (!wait_ready(fd_, POLLIN, deadline)) return 0;
    const ssize_t count = ::read(fd_, into.data(), into.size());
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) return gone(EIO);  // ready, but nothing there: hung up
    if (errno != EAGAIN && errno != EINTR) return gone(errno);
  }
}

Result<void> SerialPort::write(ByteView bytes, SteadyTime deadline) {
  while (!bytes.empty()) {
    if (!wait_ready(fd_, POLLOUT, deadline)) break;
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno != EAGAIN && errno != EINTR) {
      return gone(errno);
    }
  }
  if (bytes.empty()) return drain(deadline);
  return Error{
      ErrorKind::no_module, "write_timeout", fmt::format("{} did not take {} bytes in time", name_, bytes.size()),
      "flow control holds the line, or nobody reads at the other end", "check the wiring; atcert uses no flow control"};
}

Result<void> SerialPort::drain(SteadyTime deadline) {
  for (;;) {
    int queued = 0;
    if (ioctl(fd_, TIOCOUTQ, &queued) != 0) return gone(errno);
    if (queued == 0 || now() >= deadline) return {};
    poll(nullptr, 0, static_cast<int>(kDrainPoll.count()));
  }
}

Error SerialPort::gone(int error_number) const {
  return {ErrorKind::no_module, "port_gone", fmt::format("{} is gone: {}", name_, std::strerror(error_number)),
          "the adapter was unplugged or reset, or the program at the other end has ended",
          "plug it in again and repeat the command"};
}

}  // namespace atcert::serial
