// SPDX-License-Identifier: Apache-2.0
#include "serial/tcp_stream.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/core.h>

#include "serial/port_errors.hpp"
#include "serial/ready.hpp"

namespace atcert::serial {
namespace {

constexpr Milliseconds kShortestResend{200};

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Error unreachable(const std::string& name, const std::string& why, std::string cause) {
  return {ErrorKind::no_module, "port_unreachable", fmt::format("cannot connect to {}: {}", name, why),
          std::move(cause), "check the host's name and port, and that its serial port server runs"};
}

Error unreachable(const std::string& name, int error_number) {
  return unreachable(name, std::strerror(error_number),
                     error_number == ECONNREFUSED ? "no program of that host listens on this port" : "");
}

Result<Addresses> resolve(const std::string& name, const NetworkName& server) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(server.host.c_str(), std::to_string(server.port).c_str(), &hints, &found);
  if (code != 0) return unreachable(name, gai_strerror(code), "the host's name is not known here");
  return Addresses(found, &freeaddrinfo);
}

// Nothing: connected. EINTR: woken up.
int try_connect(int socket, const addrinfo& address, Until until) {
  if (::connect(socket, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (wait_ready(socket, POLLOUT, until) == Ready::no) {
    return until.wake != nullptr && until.wake->raised() ? EINTR : ETIMEDOUT;
  }
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

Result<TcpStream> TcpStream::connect(const std::string& name, const NetworkName& server, Until until) {
  ATCERT_TRY(const Addresses, addresses, resolve(name, server));
  int failure = ETIMEDOUT;
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    Descriptor socket(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, address->ai_protocol));
    if (!socket.open()) return unreachable(name, errno);
    const SteadyTime begin = now();
    const int error = try_connect(socket.get(), *address, until);
    if (error == EINTR) return interrupted_error(name);
    if (error == 0) {
      const int on = 1;
      setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // a command waits for its answer
      return TcpStream(name, std::move(socket), std::chrono::ceil<Milliseconds>(now() - begin));
    }
    failure = error;
  }
  return unreachable(name, failure);
}

Result<std::size_t> TcpStream::read(std::span<std::uint8_t> into, Until until) const {
  for (;;) {
    if (wait_ready(socket_.get(), POLLIN, until) == Ready::no) return std::size_t{0};
    const ssize_t count = recv(socket_.get(), into.data(), into.size(), 0);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) return gone(0);
    if (errno != EAGAIN && errno != EINTR) return gone(errno);
  }
}

Result<void> TcpStream::write(ByteView bytes, SteadyTime deadline) const {
  while (!bytes.empty()) {
    const ssize_t count = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno != EAGAIN && errno != EINTR) {
      return gone(errno);
    } else if (wait_ready(socket_.get(), POLLOUT, deadline) == Ready::no) {
      return write_timeout(name_, bytes.size(), "the network or the server at the other end is stuck",
                           "check the server");
    }
  }
  return {};
}

Error TcpStream::gone(int error_number) const {
  return {ErrorKind::no_module, "port_gone",
          fmt::format("{} is gone: {}", name_,
                      error_number == 0 ? "the server has closed the connection" : std::strerror(error_number)),
          "the port was unplugged at the server, somebody else has it, or the server or the network has failed",
          "see what the server says, and repeat the command"};
}

Traits traits_over(const TcpStream& stream) {
  Traits traits;
  traits.exclusive = false;
  traits.latency += stream.round_trip();
  traits.line_gap += kShortestResend + stream.round_trip();
  return traits;
}

}  // namespace atcert::serial
