// SPDX-License-Identifier: Apache-2.0
#include "serial/serial_port.hpp"

// Not <termios.h>: only the kernel's header knows termios2, and the two cannot be mixed.
#include <asm/termbits.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/scratch_folder.hpp"
#include "serial/port_errors.hpp"
#include "support/pty.hpp"
#include "support/require.hpp"

namespace atcert::serial {
namespace {

using test::Pty;

SteadyTime in(Milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// Another process that has a port open until it is killed.
class Holder {
 public:
  enum class Manner { shared, exclusive, ours, undumpable };

  Holder(const Pty& pty, Manner manner) {
    std::array<int, 2> ready{};
    REQUIRE(pipe(ready.data()) == 0);
    process_ = fork();
    REQUIRE(process_ >= 0);
    if (process_ == 0) hold(pty, manner, ready[1]);
    char byte = 'n';
    CHECK(::read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    close(ready[1]);
    REQUIRE(byte == 'y');
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() {
    kill(process_, SIGKILL);
    CHECK(waitpid(process_, nullptr, 0) == process_);
  }

  pid_t process() const { return process_; }

 private:
  [[noreturn]] static void hold(const Pty& pty, Manner manner, int ready) {
    close(pty.master);  // only its maker has it
    std::unique_ptr<SerialPort> ours;
    bool good = true;
    if (manner == Manner::ours || manner == Manner::undumpable) {
      if (manner == Manner::undumpable) prctl(PR_SET_DUMPABLE, 0);
      auto port = SerialPort::open(pty.name, {});
      good = port.ok();
      if (good) ours = std::move(*port);
    } else {
      const int other = open(pty.name.c_str(), O_RDWR | O_NOCTTY);
      good = other >= 0 && (manner == Manner::shared || ioctl(other, TIOCEXCL) == 0);
    }
    const char byte = good ? 'y' : 'n';
    if (::write(ready, &byte, 1) != 1) _exit(1);
    for (;;) pause();
  }

  pid_t process_ = -1;
};

std::unique_ptr<SerialPort> open_port(const Pty& pty) {
  auto port = SerialPort::open(pty.name, {});
  REQUIRE(port);
  return std::move(port).value();
}

}  // namespace

TEST_CASE("bytes pass a port unchanged in both directions") {
  const Pty pty;
  const auto port = open_port(pty);
  const std::string every = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
  }();
  REQUIRE(port->write(as_bytes(every), in(Milliseconds(1000))));
  std::string heard(256, 'x');
  CHECK(read(pty.master, heard.data(), heard.size()) == 256);
  CHECK(heard == every);

  REQUIRE(write(pty.master, every.data(), every.size()) == 256);
  Bytes received;
  while (received.size() < 256) {
    std::array<std::uint8_t, 100> buffer{};
    const auto count = port->read(buffer, in(Milliseconds(1000)));
    REQUIRE(count);
    REQUIRE(*count > 0);
    received.insert(received.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
  }
  CHECK(as_text(received) == every);
}

TEST_CASE("a read ends at its deadline with no bytes") {
  const Pty pty;
  const auto port = open_port(pty);
  std::array<std::uint8_t, 8> buffer{};
  const SteadyTime begin = std::chrono::steady_clock::now();
  const auto count = port->read(buffer, begin + Milliseconds(20));
  REQUIRE(count);
  CHECK(*count == 0);
  CHECK(std::chrono::steady_clock::now() - begin >= Milliseconds(20));
}

TEST_CASE("another thread ends a read that waits") {
  const Pty pty;
  const auto port = open_port(pty);
  const WakeUp wake;
  const std::jthread other([&wake] { wake.raise(); });
  std::array<std::uint8_t, 8> buffer{};
  const SteadyTime begin = std::chrono::steady_clock::now();
  const auto count = port->read(buffer, {begin + std::chrono::hours(1), wake});
  REQUIRE(count);
  CHECK(*count == 0);
}

TEST_CASE("what came in before is dropped on request") {
  const Pty pty;
  const auto port = open_port(pty);
  REQUIRE(write(pty.master, "old", 3) == 3);
  std::array<std::uint8_t, 8> buffer{};
  REQUIRE(port->read(std::span(buffer).first(1), in(Milliseconds(1000))));
  REQUIRE(port->discard_input());
  const auto count = port->read(buffer, in(Milliseconds(0)));
  REQUIRE(count);
  CHECK(*count == 0);
}

TEST_CASE("flow control by RTS and CTS can be set and unset") {
  const Pty pty;
  auto port = SerialPort::open(pty.name, {.baud = 9600, .flow_control = true});
  REQUIRE(port);
  termios2 line{};
  REQUIRE(ioctl(pty.master, TCGETS2, &line) == 0);
  CHECK((line.c_cflag & CRTSCTS) != 0);
  REQUIRE((*port)->set_flow_control(false));
  REQUIRE(ioctl(pty.master, TCGETS2, &line) == 0);
  CHECK((line.c_cflag & CRTSCTS) == 0);
  CHECK(line.c_ospeed == 9600);
}

TEST_CASE("a second opener is refused and told who holds the port") {
  const Pty pty;
  {
    const Holder first(pty, Holder::Manner::undumpable);
    const auto second = SerialPort::open(pty.name, {});
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::no_module);
    CHECK(second.error().code == "port_busy");
    CHECK(second.error().cause.find(fmt::format("(process {})", first.process())) != std::string::npos);
  }
  CHECK(SerialPort::open(pty.name, {}));
}

TEST_CASE("one device is one port within a program too, by whatever name") {
  const Pty pty;
  const auto first = open_port(pty);
  const ScratchFolder folder = test::require(ScratchFolder::create("port"));
  const std::string link = (folder.path() / "usb-Silicon_Labs_CP2102-if00-port0").string();
  std::filesystem::create_symlink(pty.name, link);
  const auto second = SerialPort::open(link, {});
  REQUIRE_FALSE(second);
  CHECK(second.error().code == "port_busy");
  CHECK(second.error().cause.find(fmt::format("process {}", getpid())) != std::string::npos);
}

TEST_CASE("a failed open leaves the port to the one who has it") {
  const Pty pty;
  const auto first = open_port(pty);
  REQUIRE_FALSE(SerialPort::open(pty.name, {.baud = 9600}));
  const int other = open(pty.name.c_str(), O_RDWR | O_NOCTTY);
  REQUIRE(other >= 0);
  CHECK(flock(other, LOCK_EX | LOCK_NB) != 0);
  close(other);
  termios2 line{};
  REQUIRE(ioctl(pty.master, TCGETS2, &line) == 0);
  CHECK(line.c_ospeed == 115200);
  CHECK_FALSE(SerialPort::open(pty.name, {}));
}

TEST_CASE("a port that a program has for itself is not shared with root either") {
  const Pty pty;
  Holder other(pty, Holder::Manner::exclusive);
  const auto port = SerialPort::open(pty.name, {});
  REQUIRE_FALSE(port);
  CHECK(port.error().code == "port_busy");
}

TEST_CASE("a program that had the port open before is named") {
  const Pty pty;
  const Holder other(pty, Holder::Manner::shared);
  const auto port = open_port(pty);
  CHECK(port->other_users().find(fmt::format("(process {})", other.process())) != std::string::npos);
  CHECK_FALSE(port->traits().exclusive);
}

TEST_CASE("nobody is named at a pseudo-terminal that only its maker holds") {
  const Pty pty;
  const int slave = open(pty.name.c_str(), O_RDWR | O_NOCTTY);
  CHECK(open_port(pty)->other_users().empty());
  close(slave);
}

TEST_CASE("a pseudo-terminal that a killed run had open can be opened again") {
  const Pty pty;
  const int slave = open(pty.name.c_str(), O_RDWR | O_NOCTTY);  // as its maker keeps it alive
  { const Holder killed(pty, Holder::Manner::ours); }
  int exclusive = 1;
  REQUIRE(ioctl(slave, TIOCGEXCL, &exclusive) == 0);
  CHECK(exclusive == 0);
  CHECK(SerialPort::open(pty.name, {}));
  close(slave);
}

TEST_CASE("the settings of the line are put back") {
  const Pty pty;
  termios2 before{};
  REQUIRE(ioctl(pty.master, TCGETS2, &before) == 0);
  CHECK((before.c_lflag & ICANON) != 0);
  open_port(pty);
  termios2 after{};
  REQUIRE(ioctl(pty.master, TCGETS2, &after) == 0);
  CHECK(std::memcmp(&before, &after, sizeof before) == 0);
}

TEST_CASE("a port that goes away in the middle is reported by read and by write") {
  Pty pty;
  const auto port = open_port(pty);
  pty.hang_up();
  std::array<std::uint8_t, 8> buffer{};
  const auto count = port->read(buffer, in(Milliseconds(1000)));
  REQUIRE_FALSE(count);
  CHECK(count.error().kind == ErrorKind::no_module);
  CHECK(count.error().code == "port_gone");
  const auto written = port->write(as_bytes("AT\r\n"), in(Milliseconds(1000)));
  REQUIRE_FALSE(written);
  CHECK(written.error().code == "port_gone");
}

TEST_CASE("a write that nobody reads ends at its deadline") {
  const Pty pty;
  const auto port = open_port(pty);
  const Bytes much(1 << 20, 'x');
  const auto written = port->write(much, in(Milliseconds(50)));
  REQUIRE_FALSE(written);
  CHECK(written.error().code == "write_timeout");
}

TEST_CASE("unusual baud rates can be set") {
  const Pty pty;
  const auto port = open_port(pty);
  CHECK(*port->set_baud_rate(74880) == 74880);
  CHECK(*port->set_baud_rate(921600) == 921600);
  // The master sees the same settings as the slave.
  termios2 settings{};
  REQUIRE(ioctl(pty.master, TCGETS2, &settings) == 0);
  CHECK(settings.c_ospeed == 921600);
  CHECK((settings.c_lflag & (ICANON | ECHO | ISIG)) == 0);
  CHECK((settings.c_cflag & HUPCL) == 0);
}

TEST_CASE("a missing port and a file that is no port have names of their own") {
  const auto missing = SerialPort::open("/dev/no-such-port", {});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "port_missing");
  CHECK(missing.error().remedy == "see /dev/serial/by-id for the ports that are there");
  const auto file = SerialPort::open("/dev/null", {});
  REQUIRE_FALSE(file);
  CHECK(file.error().code == "not_a_port");
  CHECK(file.error().remedy == "see /dev/serial/by-id for the ports that are there");
}

TEST_CASE("a port without permission names the group to join") {
  const Error error = open_error("/dev/ttyUSB0", EACCES);
  CHECK(error.kind == ErrorKind::no_module);
  CHECK(error.remedy.find("dialout") != std::string::npos);
}

}  // namespace atcert::serial
