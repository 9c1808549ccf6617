// SPDX-License-Identifier: Apache-2.0
#include "support/silent_port.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <doctest/doctest.h>

namespace atcert::test {

SilentPort::SilentPort(Kind kind) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(bind(socket_.get(), raw, size) == 0);
  REQUIRE(getsockname(socket_.get(), raw, &size) == 0);
  if (kind == Kind::listens) REQUIRE(listen(socket_.get(), 1) == 0);
  port_ = ntohs(address.sin_port);
}

Descriptor SilentPort::take() const {
  return Descriptor(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

}  // namespace atcert::test
