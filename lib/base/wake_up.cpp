// SPDX-License-Identifier: Apache-2.0
#include "base/wake_up.hpp"

#include <poll.h>
#include <sys/eventfd.h>

namespace atcert {

WakeUp::WakeUp() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void WakeUp::raise() const {
  (void)eventfd_write(event_.get(), 1);
}

bool WakeUp::raised() const {
  pollfd entry{event_.get(), POLLIN, 0};
  return poll(&entry, 1, 0) == 1;
}

}  // namespace atcert
