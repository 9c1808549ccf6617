// SPDX-License-Identifier: Apache-2.0
#include "serial/serial_port.hpp"

// Not <termios.h>: only the kernel's header knows termios2, and the two cannot be mixed.
#include <asm/termbits.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "serial/port_errors.hpp"

namespace atcert::serial {
namespace {

SteadyTime in(Milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// A pseudo-terminal: the test holds the master, the port under test opens the slave.
struct Pty {
  Pty() : master(posix_openpt(O_RDWR | O_NOCTTY)) {
    REQUIRE(master >= 0);
    REQUIRE(grantpt(master) == 0);
    REQUIRE(unlockpt(master) == 0);
    std::array<char, 64> path{};
    REQUIRE(ptsname_r(master, path.data(), path.size()) == 0);
    name = path.data();
  }
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;
  ~Pty() { hang_up(); }

  void hang_up() {
    if (master >= 0) close(master);
    master = -1;
  }

  int master = -1;
  std::string name;
};

SerialPort open_port(const Pty& pty) {
  auto port = SerialPort::open(pty.name, {});
  REQUIRE(port);
  return std::move(port).value();
}

}  // namespace

TEST_CASE("bytes pass a port unchanged in both directions") {
  const Pty pty;
  SerialPort port = open_port(pty);
  const std::string every = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
  }();
  REQUIRE(port.write(as_bytes(every), in(Milliseconds(1000))));
  std::string heard(256, 'x');
  CHECK(read(pty.master, heard.data(), heard.size()) == 256);
  CHECK(heard == every);

  REQUIRE(write(pty.master, every.data(), every.size()) == 256);
  Bytes received;
  while (received.size() < 256) {
    std::array<std::uint8_t, 100> buffer{};
    const auto count = port.read(buffer, in(Milliseconds(1000)));
    REQUIRE(count);
    REQUIRE(*count > 0);
    received.insert(received.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
  }
  CHECK(as_text(received) == every);
}

TEST_CASE("a read ends at its deadline with no bytes") {
  const Pty pty;
  SerialPort port = open_port(pty);
  std::array<std::uint8_t, 8> buffer{};
  const SteadyTime begin = std::chrono::steady_clock::now();
  const auto count = port.read(buffer, begin + Milliseconds(20));
  REQUIRE(count);
  CHECK(*count == 0);
  CHECK(std::chrono::steady_clock::now() - begin >= Milliseconds(20));
}

TEST_CASE("another thread ends a read that waits") {
  const Pty pty;
  SerialPort port = open_port(pty);
  const WakeUp wake;
  const std::jthread other([&wake] { wake.raise(); });
  std::array<std::uint8_t, 8> buffer{};
  const SteadyTime begin = std::chrono::steady_clock::now();
  const auto count = port.read(buffer, {begin + std::chrono::hours(1), wake});
  REQUIRE(count);
  CHECK(*count == 0);
}

TEST_CASE("what came in before is dropped on request") {
  const Pty pty;
  SerialPort port = open_port(pty);
  REQUIRE(write(pty.master, "old", 3) == 3);
  std::array<std::uint8_t, 8> buffer{};
  REQUIRE(port.read(std::span(buffer).first(1), in(Milliseconds(1000))));
  REQUIRE(port.discard_input());
  const auto count = port.read(buffer, in(Milliseconds(0)));
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
  REQUIRE(port->set_flow_control(false));
  REQUIRE(ioctl(pty.master, TCGETS2, &line) == 0);
  CHECK((line.c_cflag & CRTSCTS) == 0);
  CHECK(line.c_ospeed == 9600);
}

TEST_CASE("a second opener is refused and told who holds the port") {
  const Pty pty;
  int ready[2];
  int done[2];
  REQUIRE(pipe(ready) == 0);
  REQUIRE(pipe(done) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {  // the holder: opens the port, says so, and waits until the pipe closes
    close(done[1]);
    auto port = SerialPort::open(pty.name, {});
    char byte = port ? 'y' : 'n';
    if (::write(ready[1], &byte, 1) != 1) _exit(1);
    _exit(::read(done[0], &byte, 1) == 0 ? 0 : 1);
  }
  close(done[0]);
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  REQUIRE(byte == 'y');

  const auto second = SerialPort::open(pty.name, {});
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::no_module);
  CHECK(second.error().code == "port_busy");
  CHECK(second.error().cause.find("process " + std::to_string(child)) != std::string::npos);

  close(done[1]);
  close(ready[0]);
  close(ready[1]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(SerialPort::open(pty.name, {}));
}

TEST_CASE("exclusive use ends with the port even where somebody else has it open") {
  const Pty pty;
  const int other = open(pty.name.c_str(), O_RDWR | O_NOCTTY);
  REQUIRE(other >= 0);
  int exclusive = 0;
  {
    const SerialPort port = open_port(pty);
    REQUIRE(ioctl(other, TIOCGEXCL, &exclusive) == 0);
    CHECK(exclusive == 1);
  }
  REQUIRE(ioctl(other, TIOCGEXCL, &exclusive) == 0);
  CHECK(exclusive == 0);
  close(other);
}

TEST_CASE("a port that goes away in the middle is reported by read and by write") {
  Pty pty;
  SerialPort port = open_port(pty);
  pty.hang_up();
  std::array<std::uint8_t, 8> buffer{};
  const auto count = port.read(buffer, in(Milliseconds(1000)));
  REQUIRE_FALSE(count);
  CHECK(count.error().kind == ErrorKind::no_module);
  CHECK(count.error().code == "port_gone");
  const auto written = port.write(as_bytes("AT\r\n"), in(Milliseconds(1000)));
  REQUIRE_FALSE(written);
  CHECK(written.error().code == "port_gone");
}

TEST_CASE("a write that nobody reads ends at its deadline") {
  const Pty pty;
  SerialPort port = open_port(pty);
  const Bytes much(1 << 20, 'x');
  const auto written = port.write(much, in(Milliseconds(50)));
  REQUIRE_FALSE(written);
  CHECK(written.error().code == "write_timeout");
}

TEST_CASE("unusual baud rates can be set") {
  const Pty pty;
  SerialPort port = open_port(pty);
  CHECK(*port.set_baud_rate(74880) == 74880);
  CHECK(*port.set_baud_rate(921600) == 921600);
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
