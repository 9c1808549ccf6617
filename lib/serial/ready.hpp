// SPDX-License-Identifier: Apache-2.0
// Waits for a descriptor of a port or of a connection.
#pragma once

#include "serial/transport.hpp"

namespace atcert::serial {

enum class Ready {
  yes,
  hung_up,  // or broken; there may still be bytes to read, and the next call says what it is
  no,       // the deadline passed, or the wake-up was raised
};

// `events` as poll() has them.
Ready wait_ready(int fd, short events, Until until);

}  // namespace atcert::serial
