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
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "serial/port_errors.hpp"

namespace atcert::serial {
namespace {

// While output drains nothing wakes us up, so the queue is looked at this often.
constexpr Milliseconds kDrainPoll{2};
constexpr Milliseconds kDrainLimit{5'000};

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

enum class Ready { yes, hung_up, no };

// Waits for `events` on `fd`. Ready::no: the deadline passed, or the wake-up was raised. A port that has hung up may
// still hold bytes.
Ready wait_ready(int fd, short events, Until until) {
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(until.deadline - now()).count();
    std::array<pollfd, 2> entries{
        {{fd, events, 0}, {until.wake == nullptr ? -1 : until.wake->descriptor(), POLLIN, 0}}};
    const int count = poll(entries.data(), entries.size(), static_cast<int>(std::clamp<long long>(left, 0, 60'000)));
    if (count < 0 && errno != EINTR) return Ready::hung_up;
    if (count > 0 && entries[0].revents != 0) return entries[0].revents == events ? Ready::yes : Ready::hung_up;
    if (count > 0 || left <= 0) return Ready::no;
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

Result<SerialPort> SerialPort::open(const std::string& name, const Settings& settings) {
  const int fd = ::open(name.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return open_error(name, errno);
  SerialPort port(name, fd, settings);
  ATCERT_CHECK(port.set_up());
  return port;
}

SerialPort::SerialPort(SerialPort&& other) noexcept
    : name_(std::move(other.name_)), fd_(std::exchange(other.fd_, -1)), settings_(other.settings_) {}

SerialPort& SerialPort::operator=(SerialPort&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(fd_, other.fd_);
  std::swap(settings_, other.settings_);
  return *this;
}

// TIOCEXCL would outlive us on a port that somebody else had open before, as an emulated module has its own.
SerialPort::~SerialPort() {
  if (fd_ < 0) return;
  ioctl(fd_, TIOCNXCL);
  close(fd_);
}

// TIOCEXCL keeps others out, but not root; the lock keeps another atcert out even then.
Result<void> SerialPort::set_up() {
  if (isatty(fd_) == 0) return open_error(name_, ENOTTY);
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0 || ioctl(fd_, TIOCEXCL) != 0) return open_error(name_, errno);
  ATCERT_CHECK(set_control_lines(false, false));
  ATCERT_CHECK(apply());
  return discard_input();  // what came before we set the rate is garbage
}

Result<void> SerialPort::apply() {
  termios2 line{};
  if (ioctl(fd_, TCGETS2, &line) != 0) return gone(errno);
  make_raw(line);
  if (settings_.flow_control) line.c_cflag |= CRTSCTS;
  line.c_cflag |= BOTHER | (BOTHER << IBSHIFT);
  line.c_ospeed = line.c_ispeed = settings_.baud;
  if (ioctl(fd_, TCSETS2, &line) == 0) return {};
  return Error{ErrorKind::no_module, "baud_rate", fmt::format("{} cannot run at {} baud", name_, settings_.baud),
               std::strerror(errno), "give another rate with --baud"};
}

Result<unsigned> SerialPort::set_baud_rate(unsigned baud) {
  ATCERT_CHECK(drain(now() + kDrainLimit));
  settings_.baud = baud;
  ATCERT_CHECK(apply());
  termios2 line{};
  if (ioctl(fd_, TCGETS2, &line) != 0) return gone(errno);
  return line.c_ospeed;
}

Result<void> SerialPort::set_flow_control(bool hardware) {
  settings_.flow_control = hardware;
  return apply();
}

Result<void> SerialPort::discard_input() {
  return ioctl(fd_, TCFLSH, TCIFLUSH) == 0 ? Result<void>() : gone(errno);
}

// A pseudo-terminal has no such lines (ENOTTY, or EINVAL).
Result<void> SerialPort::set_control_lines(bool dtr, bool rts) {
  int lines = 0;
  if (ioctl(fd_, TIOCMGET, &lines) != 0) return errno == ENOTTY || errno == EINVAL ? Result<void>() : gone(errno);
  lines &= ~(TIOCM_DTR | TIOCM_RTS);
  if (dtr) lines |= TIOCM_DTR;
  if (rts) lines |= TIOCM_RTS;
  if (ioctl(fd_, TIOCMSET, &lines) != 0) return gone(errno);
  return {};
}

// Nothing read from a port that is ready is no end: somebody has emptied its queue.
Result<std::size_t> SerialPort::read(std::span<std::uint8_t> into, Until until) {
  for (;;) {
    const Ready ready = wait_ready(fd_, POLLIN, until);
    if (ready == Ready::no) return std::size_t{0};
    const ssize_t count = ::read(fd_, into.data(), into.size());
    if (count > 0) return static_cast<std::size_t>(count);
    if (count < 0 && errno != EAGAIN && errno != EINTR) return gone(errno);
    if (ready == Ready::hung_up) return gone(EIO);
  }
}

Result<void> SerialPort::write(ByteView bytes, SteadyTime deadline) {
  while (!bytes.empty()) {
    if (wait_ready(fd_, POLLOUT, deadline) == Ready::no) break;
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
