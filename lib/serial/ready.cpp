// SPDX-License-Identifier: Apache-2.0
#include "serial/ready.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace atcert::serial {

Ready wait_ready(int fd, short events, Until until) {
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(until.deadline - std::chrono::steady_clock::now()).count();
    std::array<pollfd, 2> entries{
        {{fd, events, 0}, {until.wake == nullptr ? -1 : until.wake->descriptor(), POLLIN, 0}}};
    const int count = poll(entries.data(), entries.size(), static_cast<int>(std::clamp<long long>(left, 0, 60'000)));
    if (count < 0 && errno != EINTR) return Ready::hung_up;
    if (count > 0 && entries[0].revents != 0) return entries[0].revents == events ? Ready::yes : Ready::hung_up;
    if (count > 0 || left <= 0) return Ready::no;
  }
}

}  // namespace atcert::serial
