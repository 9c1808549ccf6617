// SPDX-License-Identifier: Apache-2.0
// Ends a wait from another thread: a descriptor that poll() watches beside what it waits for, readable from raise() on.
// For any number of threads.
#pragma once

#include "base/descriptor.hpp"

namespace atcert {

class WakeUp {
 public:
  // Where the process has no descriptor left nothing is woken: the wait ends at its deadline.
  WakeUp();

  void raise() const;  // for good
  bool raised() const;

  // For poll(), which passes over one below zero.
  int descriptor() const { return event_.get(); }

 private:
  Descriptor event_;
};

}  // namespace atcert
