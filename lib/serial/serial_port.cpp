// SPDX-License-Identifier: Apache-2.0
#include "serial/serial_port.hpp"

// The kernel's own header and not <termios.h>: the two declare the same names, and only this one has termios2.
#include <asm/termbits.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "serial/holders.hpp"
#include "serial/port_errors.hpp"
#include "serial/ready.hpp"

namespace atcert::serial {
namespace {

// While output drains nothing wakes us up, so the queue is looked at this often.
constexpr Milliseconds kDrainPoll{2};
constexpr Milliseconds kDrainLimit{5'000};

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

void make_raw(termios2& line) {
  line.c_iflag = IGNBRK | IGNPAR;
  line.c_oflag = 0;
  line.c_lflag = 0;
  // Without HUPCL closing the port leaves DTR and RTS alone.
  line.c_cflag = CREAD | CLOCAL | CS8;
  line.c_cc[VMIN] = 0;
  line.c_cc[VTIME] = 0;
}

int open_device(const std::string& name) {
  for (;;) {
    const int fd = ::open(name.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 || errno != EINTR) return fd;
  }
}

}  // namespace

Result<std::unique_ptr<SerialPort>> SerialPort::open(const std::string& name, const Settings& settings) {
  struct stat status {};
  if (stat(name.c_str(), &status) != 0) return open_error(name, errno);
  if (!S_ISCHR(status.st_mode)) return open_error(name, ENOTTY);
  auto lock = PortLock::take(status.st_rdev);
  if (!lock) return open_error(name, EBUSY);
  Descriptor device(open_device(name));
  if (!device.open()) return open_error(name, errno);
  if (isatty(device.get()) == 0) return open_error(name, ENOTTY);
  std::unique_ptr<SerialPort> port(new SerialPort(name, settings, *std::move(lock), std::move(device)));
  ATCERT_CHECK(port->set_up());
  return port;
}

SerialPort::SerialPort(std::string name, const Settings& settings, PortLock lock, Descriptor device)
    : name_(std::move(name)), settings_(settings), lock_(std::move(lock)), device_(std::move(device)) {
  traits_.exclusive = false;
}

SerialPort::~SerialPort() {
  // TIOCEXCL would outlive us where somebody else has the port open.
  if (traits_.exclusive) ioctl(device_.get(), TIOCNXCL);
  if (found_) ioctl(device_.get(), TCSETS2, found_.get());
}

Result<void> SerialPort::set_up() {
  ATCERT_CHECK(keep_others_out());
  auto found = std::make_unique<termios2>();
  if (ioctl(device_.get(), TCGETS2, found.get()) != 0) return gone(errno);
  found_ = std::move(found);
  ATCERT_CHECK(set_control_lines(false, false));
  ATCERT_CHECK(apply(settings_, TCSETS2));
  return discard_input();  // what came before we set the rate is garbage
}

// Our own lock is for our own kind; the one on the device (flock) is for other programs that ask for it, and TIOCEXCL
// keeps out those that do not. But TIOCEXCL holds until the last program has closed the port, so that a run which is
// killed would leave it behind where somebody else has the port open, as the maker of a pseudo-terminal always may.
Result<void> SerialPort::keep_others_out() {
  const int device = device_.get();
  if (flock(device, LOCK_EX | LOCK_NB) != 0) return open_error(name_, errno);
  just_seen_ = in_words(others_at(name_));
  const bool alone = just_seen_->empty();
  int taken = 0;  // root may open such a port all the same
  if (!alone && ioctl(device, TIOCGEXCL, &taken) == 0 && taken != 0) return open_error(name_, EBUSY);
  struct stat status {};
  if (fstat(device, &status) != 0) return gone(errno);
  traits_.exclusive = alone && !is_pseudo_terminal(status.st_rdev) && ioctl(device, TIOCEXCL) == 0;
  return {};
}

// With `how` TCSETSW2 what is still in the adapter's own queue leaves it first.
Result<void> SerialPort::apply(const Settings& settings, unsigned long how) {
  termios2 line{};
  if (ioctl(device_.get(), TCGETS2, &line) != 0) return gone(errno);
  make_raw(line);
  if (settings.flow_control) line.c_cflag |= CRTSCTS;
  line.c_cflag |= BOTHER | (BOTHER << IBSHIFT);
  line.c_ospeed = line.c_ispeed = settings.baud;
  if (ioctl(device_.get(), how, &line) != 0) {
    return baud_rate_error(name_, settings.baud, std::strerror(errno));
  }
  settings_ = settings;
  return {};
}

Result<unsigned> SerialPort::set_baud_rate(unsigned baud) {
  ATCERT_CHECK(drain(now() + kDrainLimit));
  const bool flow_control = settings_.flow_control;
  if (flow_control) ATCERT_CHECK(set_flow_control(false));  // a line that is held would be waited for without end
  ATCERT_CHECK(apply({baud, flow_control}, TCSETSW2));
  termios2 line{};
  if (ioctl(device_.get(), TCGETS2, &line) != 0) return gone(errno);
  return line.c_ospeed;
}

Result<void> SerialPort::set_flow_control(bool hardware) {
  return apply({settings_.baud, hardware}, TCSETS2);
}

Result<void> SerialPort::discard_input() {
  return ioctl(device_.get(), TCFLSH, TCIFLUSH) == 0 ? Result<void>() : gone(errno);
}

// A pseudo-terminal has no such lines (ENOTTY, or EINVAL).
Result<void> SerialPort::set_control_lines(bool dtr, bool rts) {
  int lines = 0;
  if (ioctl(device_.get(), TIOCMGET, &lines) != 0) {
    if (errno != ENOTTY && errno != EINVAL) return gone(errno);
    traits_.control_lines = false;
    return {};
  }
  lines &= ~(TIOCM_DTR | TIOCM_RTS);
  if (dtr) lines |= TIOCM_DTR;
  if (rts) lines |= TIOCM_RTS;
  if (ioctl(device_.get(), TIOCMSET, &lines) != 0) return gone(errno);
  return {};
}

// Nothing read from a port that is ready is no end: somebody has emptied its queue.
Result<std::size_t> SerialPort::read(std::span<std::uint8_t> into, Until until) {
  for (;;) {
    const Ready ready = wait_ready(device_.get(), POLLIN, until);
    if (ready == Ready::no) return std::size_t{0};
    const ssize_t count = ::read(device_.get(), into.data(), into.size());
    if (count > 0) return static_cast<std::size_t>(count);
    if (count < 0 && errno != EAGAIN && errno != EINTR) return gone(errno);
    if (ready == Ready::hung_up) return gone(EIO);
    if (now() >= until.deadline) return std::size_t{0};
  }
}

Result<void> SerialPort::write(ByteView bytes, SteadyTime deadline) {
  while (!bytes.empty()) {
    const Ready ready = wait_ready(device_.get(), POLLOUT, deadline);
    if (ready == Ready::no) break;
    const ssize_t count = ::write(device_.get(), bytes.data(), bytes.size());
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno != EAGAIN && errno != EINTR) {
      return gone(errno);
    } else if (ready == Ready::hung_up) {
      return gone(EIO);
    }
  }
  return bytes.empty() ? drain(deadline) : stuck(bytes.size());
}

Result<void> SerialPort::drain(SteadyTime deadline) {
  for (;;) {
    int queued = 0;
    if (ioctl(device_.get(), TIOCOUTQ, &queued) != 0) return gone(errno);
    if (queued == 0) return {};
    if (now() >= deadline) return stuck(static_cast<std::size_t>(queued));
    poll(nullptr, 0, static_cast<int>(kDrainPoll.count()));
  }
}

// To look through all processes takes some milliseconds, and whoever opens a port asks at once.
std::string SerialPort::other_users() const {
  if (just_seen_) return *std::exchange(just_seen_, {});
  return in_words(others_at(name_));
}

Error SerialPort::stuck(std::size_t bytes) const {
  if (!settings_.flow_control) return write_timeout(name_, bytes, "nobody reads at the other end", "check the wiring");
  return write_timeout(name_, bytes, "the other end holds the line (CTS): it is not connected, or the module is stuck",
                       "check RTS and CTS, or do without flow control");
}

Error SerialPort::gone(int error_number) const {
  return {ErrorKind::no_module, "port_gone", fmt::format("{} is gone: {}", name_, std::strerror(error_number)),
          "the adapter was unplugged or reset, or the program at the other end has ended",
          "plug it in again and repeat the command"};
}

}  // namespace atcert::serial
