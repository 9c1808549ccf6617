// SPDX-License-Identifier: Apache-2.0
// A TCP connection of the emulated module that never blocks the module's loop. Errors are in the words of esp-tls
// (components/esp-tls/esp_tls.c and esp_tls_errors.h, IDF v5.1).
#pragma once

#include <span>

#include "base/bytes.hpp"
#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "emulator/mqtt_connection.hpp"

namespace atcert::emulator {

class NetSocket {
 public:
  // Starts to connect. `names` allows what the resolver of this machine knows, which may block; without it there are
  // only numeric addresses and localhost, as the emulated network has no DNS.
  static Result<NetSocket> connect(const BrokerAddress& address, bool names);

  int descriptor() const { return fd_.get(); }
  // 0 where there is none.
  std::uint16_t local_port() const;

  // Whether the connection is made; poll for POLLOUT until it is.
  Result<bool> connected();

  // 0 bytes: nothing there. Nothing: the broker has closed.
  Result<std::optional<std::size_t>> read(std::span<std::uint8_t> into);

  // How many bytes went out. A broken connection takes them all: what the broker still said is in read(), and then the
  // error.
  std::size_t write(ByteView bytes);

 private:
  explicit NetSocket(Descriptor fd) : fd_(std::move(fd)) {}

  Descriptor fd_;
};

}  // namespace atcert::emulator
