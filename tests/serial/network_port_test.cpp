// SPDX-License-Identifier: Apache-2.0
// Ports behind a real ser2net, and behind servers that do what it does not.
#include "serial/open.hpp"

// Not <termios.h>: only the kernel's header knows termios2, and the two cannot be mixed.
#include <asm/termbits.h>
#include <sys/ioctl.h>

#include <array>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "serial/com_port.hpp"
#include "support/pty.hpp"
#include "support/require.hpp"
#include "support/ser2net.hpp"
#include "support/tcp_server.hpp"

namespace atcert::serial {
namespace {

using com_port::Subject;

SteadyTime in(Milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// A device that is there all the time, whether ser2net has it open or not.
struct ServedPty : test::Pty {
  Descriptor slave{::open(name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
  test::Ser2net server{name};
};

std::string every_byte() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

std::string read_all(Transport& port, std::size_t size) {
  std::string heard;
  std::array<std::uint8_t, 100> part{};
  while (heard.size() < size) {
    const std::size_t count = test::require(port.read(part, in(Milliseconds(5000))));
    if (count == 0) break;
    heard += as_text(ByteView(part).first(count));
  }
  return heard;
}

std::string read_all(int fd, std::size_t size) {
  std::string heard(size, '\0');
  for (std::size_t at = 0; at < size;) {
    const ssize_t count = ::read(fd, heard.data() + at, size - at);
    REQUIRE(count > 0);
    at += static_cast<std::size_t>(count);
  }
  return heard;
}

void check_both_ways(const ServedPty& pty, Transport& port) {
  const std::string bytes = every_byte() + "\xff\xff\xff\r\n" + every_byte();
  REQUIRE(port.write(as_bytes(bytes), in(Milliseconds(5000))));
  CHECK(read_all(pty.master, bytes.size()) == bytes);
  REQUIRE(::write(pty.master, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  CHECK(read_all(port, bytes.size()) == bytes);
}

termios2 line_of(const ServedPty& pty) {
  termios2 line{};
  REQUIRE(ioctl(pty.master, TCGETS2, &line) == 0);
  return line;
}

// A server of RFC 2217 as far as it gets: grants the option and answers every setting with itself.
class Server {
 public:
  std::string name() const { return fmt::format("rfc2217://127.0.0.1:{}", tcp.port()); }

  bool greet() {
    tcp.accept();
    if (!tcp.receive(telnet::encode(telnet::Negotiation{telnet::Verb::will, telnet::kComPort}))) return false;
    tcp.send(telnet::encode(telnet::Negotiation{telnet::Verb::please, telnet::kComPort}));
    const std::array<com_port::Answer, 7> settings{{{Subject::data_size, 8},
                                                    {Subject::parity, com_port::kNoParity},
                                                    {Subject::stop_size, com_port::kOneStopBit},
                                                    {Subject::flow_control, com_port::kNoFlowControl},
                                                    {Subject::rts, com_port::kRtsOff},
                                                    {Subject::dtr, com_port::kDtrOff},
                                                    {Subject::baud_rate, 115'200}}};
    for (const auto& [subject, value] : settings) {
      if (!grant(subject, value)) return false;
    }
    return grant(Subject::purge, com_port::kPurgeReceived);
  }

  bool grant(Subject subject, std::uint32_t value) {
    return tcp.receive(com_port::request(subject, value)) && tell(subject, value);
  }

  bool tell(Subject subject, std::uint32_t value) {
    Bytes bytes = com_port::request(subject, value);
    bytes[3] = static_cast<std::uint8_t>(bytes[3] + 100);
    tcp.send(bytes);
    return true;
  }

  test::TcpServer tcp;
};

}  // namespace

TEST_CASE("all bytes pass ser2net in both directions, by both protocols") {
  for (const auto name : {&test::Ser2net::rfc2217, &test::Ser2net::socket}) {
    const ServedPty pty;
    const auto port = test::require(open((pty.server.*name)(), {}));
    CHECK(port->name() == (pty.server.*name)());
    check_both_ways(pty, *port);
  }
}

TEST_CASE("rate and flow control are set through ser2net, and the rate in force comes back") {
  const ServedPty pty;
  const auto port = test::require(open(pty.server.rfc2217(), {.baud = 9600}));
  CHECK(port->traits().rate);
  CHECK(line_of(pty).c_ospeed == 9600);
  CHECK(test::require(port->set_baud_rate(921'600)) == 921'600);
  CHECK(line_of(pty).c_ospeed == 921'600);
  CHECK((line_of(pty).c_cflag & CRTSCTS) == 0);
  REQUIRE(port->set_flow_control(true));
  CHECK((line_of(pty).c_cflag & CRTSCTS) != 0);
  CHECK_FALSE(port->traits().control_lines);  // of a pseudo-terminal
  CHECK(port->set_control_lines(false, false));
}

TEST_CASE("a line over TCP may be torn apart for longer than a serial one, and has its settings elsewhere") {
  const ServedPty pty;
  const auto port = test::require(open(pty.server.socket(), {}));
  CHECK(port->traits().line_gap > Milliseconds(200));
  CHECK_FALSE(port->traits().exclusive);
  CHECK_FALSE(port->traits().rate);
  for (const auto& refused : {port->set_flow_control(true), port->set_control_lines(true, true)}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "line_fixed");
  }
  CHECK(port->set_baud_rate(9600).error().code == "line_fixed");
}

TEST_CASE("what came in before is dropped on request, at the server too") {
  for (const auto name : {&test::Ser2net::rfc2217, &test::Ser2net::socket}) {
    const ServedPty pty;
    const auto port = test::require(open((pty.server.*name)(), {}));
    REQUIRE(::write(pty.master, "old", 3) == 3);
    std::array<std::uint8_t, 1> first{};
    REQUIRE(test::require(port->read(first, in(Milliseconds(5000)))) == 1);
    REQUIRE(port->discard_input());
    REQUIRE(::write(pty.master, "new", 3) == 3);
    CHECK(read_all(*port, 3) == "new");
  }
}

TEST_CASE("the end of the server is the end of the port") {
  const ServedPty pty;
  const auto port = test::require(open(pty.server.rfc2217(), {}));
  pty.server.end();
  std::array<std::uint8_t, 8> buffer{};
  const auto count = port->read(buffer, in(Milliseconds(10'000)));
  REQUIRE_FALSE(count);
  CHECK(count.error().kind == ErrorKind::no_module);
  CHECK(count.error().code == "port_gone");
}

TEST_CASE("a port that nobody serves is out of reach") {
  const auto port = open(fmt::format("socket://127.0.0.1:{}", test::free_port()), {});
  REQUIRE_FALSE(port);
  CHECK(port.error().kind == ErrorKind::no_module);
  CHECK(port.error().code == "port_unreachable");
  CHECK(port.error().cause == "no program of that host listens on this port");
}

TEST_CASE("another thread ends a read, and a connection that is not answered") {
  Server server;
  std::stop_source stop;
  const std::jthread other([&] {
    server.tcp.accept();
    (void)server.tcp.receive({telnet::kComPort});
    stop.request_stop();
  });
  const auto port = open(server.name(), {}, stop.get_token());
  REQUIRE_FALSE(port);
  CHECK(port.error().kind == ErrorKind::interrupted);
}

TEST_CASE("a server that refuses RFC 2217 is told to be none") {
  Server server;
  const std::jthread other([&] {
    server.tcp.accept();
    (void)server.tcp.receive({telnet::kComPort});
    server.tcp.send(telnet::encode(telnet::Negotiation{telnet::Verb::dont, telnet::kComPort}));
  });
  const auto port = open(server.name(), {});
  REQUIRE_FALSE(port);
  CHECK(port.error().code == "not_rfc2217");
}

TEST_CASE("data that comes while an answer is waited for is read later") {
  Server server;
  std::jthread other([&] {
    if (!server.greet() || !server.tcp.receive(com_port::request(Subject::baud_rate, 9600))) return;
    server.tcp.send(as_bytes("+MQTTSUBRECV"));
    server.tell(Subject::baud_rate, 9615);
    server.tcp.send(as_bytes(":0\r\n"));
  });
  const auto port = test::require(open(server.name(), {}));
  CHECK(port->traits().control_lines);
  CHECK(test::require(port->set_baud_rate(9600)) == 9615);
  CHECK(read_all(*port, 16) == "+MQTTSUBRECV:0\r\n");
}

TEST_CASE("nothing is written while the server asks for a pause") {
  Server server;
  std::jthread other([&] {
    if (!server.greet()) return;
    server.tell(Subject::suspend, 0);
    server.tcp.send(as_bytes("x"));
    if (server.tcp.receive({'y'})) server.tell(Subject::resume, 0);
  });
  const auto port = test::require(open(server.name(), {}));
  CHECK(read_all(*port, 1) == "x");
  const auto held = port->write(as_bytes("y"), in(Milliseconds(50)));
  REQUIRE_FALSE(held);
  CHECK(held.error().code == "write_timeout");
}

TEST_CASE("a server that stops answering is told by what it does not answer") {
  Server server;
  std::jthread other([&] {
    server.tcp.accept();
    (void)server.tcp.receive({telnet::kComPort});
    server.tcp.send(telnet::encode(telnet::Negotiation{telnet::Verb::please, telnet::kComPort}));
    (void)server.tcp.receive({0});
    server.tcp.close();
  });
  const auto port = open(server.name(), {});
  REQUIRE_FALSE(port);
  CHECK(port.error().code == "port_gone");
}

}  // namespace atcert::serial
