// SPDX-License-Identifier: Apache-2.0
#include "support/tcp_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/clock.hpp"

namespace atcert::test {
namespace {

constexpr Milliseconds kLook{5};
constexpr std::chrono::seconds kPatience{10};

struct Listener {
  Descriptor socket;
  std::uint16_t port;
};

Listener listen_anywhere() {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(bind(socket.get(), raw, size) == 0);
  REQUIRE(getsockname(socket.get(), raw, &size) == 0);
  REQUIRE(::listen(socket.get(), 1) == 0);
  return {std::move(socket), ntohs(address.sin_port)};
}

// "0: 0100007F:1F90 00000000:0000 0A ...": 0A is TCP_LISTEN.
bool listens_now(const std::string& place) {
  std::ifstream table("/proc/net/tcp");
  for (std::string line; std::getline(table, line);) {
    if (line.find(place) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

std::uint16_t free_port() {
  return listen_anywhere().port;
}

bool listens(std::uint16_t port) {
  const std::string place = fmt::format(" 0100007F:{:04X} 00000000:0000 0A ", port);
  const SteadyTime deadline = SystemClock().now() + kPatience;
  while (SystemClock().now() < deadline) {
    if (listens_now(place)) return true;
    poll(nullptr, 0, static_cast<int>(kLook.count()));
  }
  return false;
}

TcpServer::TcpServer() {
  auto [socket, port] = listen_anywhere();
  listener_ = std::move(socket);
  port_ = port;
}

void TcpServer::accept() {
  connection_ = Descriptor(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

void TcpServer::send(ByteView bytes) const {
  CHECK(::send(connection_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
}

bool TcpServer::receive(const Bytes& bytes) {
  const std::string wanted(as_text(bytes));
  while (heard_.find(wanted) == std::string::npos) {
    std::array<char, 1024> part;
    const ssize_t count = recv(connection_.get(), part.data(), part.size(), 0);
    if (count <= 0) return false;
    heard_.append(part.data(), static_cast<std::size_t>(count));
  }
  heard_.erase(0, heard_.find(wanted) + wanted.size());
  return true;
}

}  // namespace atcert::test
