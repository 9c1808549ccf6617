// SPDX-License-Identifier: Apache-2.0
// Somebody at the broker beside the module, for the steps that are its own: who runs a script brings one, or none.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace atcert::script {

class Observer {
 public:
  virtual ~Observer() = default;

  // Whether the message has come, or comes in time.
  virtual Result<bool> saw(const std::string& topic, const std::string& message, Milliseconds limit) = 0;
  // Returns when the broker has it.
  virtual Result<void> send(const std::string& topic, const std::string& message, Milliseconds limit) = 0;
};

}  // namespace atcert::script
