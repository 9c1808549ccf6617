// SPDX-License-Identifier: Apache-2.0
#include "emulator/timers.hpp"

#include <algorithm>

namespace atcert::emulator {

Timers::Id Timers::after(Milliseconds delay, std::function<void()> action) {
  const Id id = ++last_;
  actions_.emplace(std::pair(clock_.now() + delay, id), std::move(action));
  return id;
}

void Timers::cancel(Id id) {
  const auto found =
      std::find_if(actions_.begin(), actions_.end(), [&](const auto& each) { return each.first.second == id; });
  if (found != actions_.end()) actions_.erase(found);
}

std::optional<SteadyTime> Timers::next() const {
  if (actions_.empty()) return std::nullopt;
  return actions_.begin()->first.first;
}

void Timers::run() {
  const SteadyTime now = clock_.now();
  while (!actions_.empty() && actions_.begin()->first.first <= now) {
    const auto due = actions_.extract(actions_.begin());
    due.mapped()();
  }
}

}  // namespace atcert::emulator
