// SPDX-License-Identifier: Apache-2.0
// Who follows one command: what the module says from the moment its line is out. What came before is not about it.
#pragma once

#include "at/framer.hpp"

namespace atcert::at {

class Observer {
 public:
  virtual ~Observer() = default;

  // The line goes out now, or goes out again, or an earlier command's result has come after it: what was seen so far
  // was about another one.
  virtual void begin() {}
  virtual void see(const Event&) {}
  // Every second in which the call waits, also before the line is out.
  virtual void wait() {}
};

}  // namespace atcert::at
