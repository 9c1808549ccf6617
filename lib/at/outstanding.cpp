// SPDX-License-Identifier: Apache-2.0
#include "at/outstanding.hpp"

#include <utility>

namespace atcert::at {

void Outstanding::owe(std::string command, SteadyTime until) {
  given_up_ = given_up() && command == command_;
  state_ = State::owed;
  command_ = std::move(command);
  until_ = until;
  perhaps_dropped_ = false;
}

void Outstanding::owe_perhaps(std::string command, SteadyTime until) {
  owe(std::move(command), until);
  perhaps_dropped_ = true;
}

void Outstanding::settle(SteadyTime queued_ends) {
  if (queued_.empty()) return clear();
  owe_perhaps(std::exchange(queued_, {}), queued_ends);
}

void Outstanding::clear() {
  state_ = State::nothing;
  command_.clear();
  queued_.clear();
}

}  // namespace atcert::at
