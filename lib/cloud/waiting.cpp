// SPDX-License-Identifier: Apache-2.0
#include "cloud/waiting.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

namespace atcert::cloud {

Waiting::Waiting(const Clock& clock, Milliseconds limit, const std::stop_token& stop)
    : clock_(clock),
      begun_(clock.now()),
      deadline_(begun_ + limit),
      when_stopped_(stop, [this] { stopped_.raise(); }) {}

Milliseconds Waiting::left() const {
  return std::max(Milliseconds(0), std::chrono::ceil<Milliseconds>(deadline_ - clock_.now()));
}

Milliseconds Waiting::taken() const {
  return std::chrono::duration_cast<Milliseconds>(clock_.now() - begun_);
}

Stage Waiting::wait(int descriptor, short events) const {
  for (;;) {
    const auto limit = static_cast<int>(left().count());
    std::array<pollfd, 2> ready{pollfd{descriptor, events, 0}, pollfd{stopped_.descriptor(), POLLIN, 0}};
    const int count = poll(ready.data(), ready.size(), limit);
    if (count > 0) return ready[1].revents != 0 ? Stage::interrupted : Stage::passed;
    if (count == 0 && left() == Milliseconds(0)) return Stage::timed_out;
  }
}

}  // namespace atcert::cloud
