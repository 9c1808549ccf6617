// SPDX-License-Identifier: Apache-2.0
#include "emulator/net_socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include <fmt/core.h>

namespace atcert::emulator {
namespace {

struct AddressFree {
  void operator()(addrinfo* address) const { freeaddrinfo(address); }
};
using AddressPtr = std::unique_ptr<addrinfo, AddressFree>;

Error tcp_error(std::string what) {
  return {ErrorKind::cloud, "tcp", std::move(what), {}, {}};
}

Error connect_error(int error_number) {
  return tcp_error(fmt::format("esp-tls: delayed connect error: {} (0x8004)", std::strerror(error_number)));
}

Result<AddressPtr> resolve(const BrokerAddress& address, bool names) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (names ? 0 : AI_NUMERICHOST);
  addrinfo* found = nullptr;
  const int status = getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (status != 0) {
    // 202 is lwIP's EAI_FAIL, what a module without an answer from DNS prints.
    return tcp_error(
        fmt::format("esp-tls: couldn't get hostname for :{}: getaddrinfo() returns 202 (0x8001)", address.host));
  }
  return AddressPtr(found);
}

}  // namespace

Result<NetSocket> NetSocket::connect(const BrokerAddress& address, bool names) {
  ATCERT_TRY(const AddressPtr, found, resolve(address, names || address.host == "localhost"));
  Descriptor fd(socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.open()) return tcp_error(fmt::format("esp-tls: Failed to create socket: {} (0x8002)", std::strerror(errno)));
  const int on = 1;
  setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::connect(fd.get(), found->ai_addr, found->ai_addrlen) != 0 && errno != EINPROGRESS) return connect_error(errno);
  return NetSocket(std::move(fd));
}

std::uint16_t NetSocket::local_port() const {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  // The port stands at the same place for IPv4 and IPv6.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

Result<bool> NetSocket::connected() {
  pollfd ready{fd_.get(), POLLOUT, 0};
  if (poll(&ready, 1, 0) <= 0) return false;
  int error_number = 0;
  socklen_t size = sizeof(error_number);
  getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error_number, &size);
  if (error_number != 0) return connect_error(error_number);
  return true;
}

Result<std::optional<std::size_t>> NetSocket::read(std::span<std::uint8_t> into) {
  const ssize_t count = recv(fd_.get(), into.data(), into.size(), 0);
  if (count > 0) return std::optional<std::size_t>(static_cast<std::size_t>(count));
  if (count == 0) return std::optional<std::size_t>();
  if (errno == EAGAIN || errno == EINTR) return std::optional<std::size_t>(0);
  return tcp_error(std::strerror(errno));
}

std::size_t NetSocket::write(ByteView bytes) {
  const ssize_t count = send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return static_cast<std::size_t>(count);
  return errno == EAGAIN || errno == EINTR ? 0 : bytes.size();
}

}  // namespace atcert::emulator
