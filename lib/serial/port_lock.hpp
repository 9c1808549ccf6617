// SPDX-License-Identifier: Apache-2.0
// Keeps every other atcert, and every other part of this one, away from a serial device while it is in use. It is taken
// before the device is opened, since opening alone raises DTR and RTS (tty_port_block_til_ready(), Linux), and would
// disturb whoever talks there. It is a socket in Linux's abstract name space (unix(7)) that is named after the device's
// number: so all names and nodes of a device are one, and the lock goes with its process, however that ends.
#pragma once

#include <sys/types.h>

#include <optional>

#include "base/descriptor.hpp"

namespace atcert::serial {

class PortLock {
 public:
  // Nothing when somebody has it already. A system without such sockets has no such lock either; there the lock on the
  // opened device (flock) is the only one.
  static std::optional<PortLock> take(dev_t device);

 private:
  explicit PortLock(Descriptor socket) : socket_(std::move(socket)) {}

  Descriptor socket_;
};

}  // namespace atcert::serial
