// SPDX-License-Identifier: Apache-2.0
// The other end of a TCP connection on loopback, as a test wants it.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/descriptor.hpp"

namespace atcert::test {

std::uint16_t free_port();

// Waits until a program listens there, at most some seconds: /proc/net/tcp tells, so that it need not be disturbed.
bool listens(std::uint16_t port);

class TcpServer {
 public:
  TcpServer();

  std::uint16_t port() const { return port_; }

  // All of it blocks, for a thread of its own.
  void accept();
  void send(ByteView bytes) const;
  // Reads until `bytes` have come in.
  bool receive(const Bytes& bytes);
  void close() { connection_.close_now(); }

 private:
  Descriptor listener_;
  std::uint16_t port_ = 0;
  Descriptor connection_;
  std::string heard_;
};

}  // namespace atcert::test
