// SPDX-License-Identifier: Apache-2.0
// AT+CIPDOMAIN (ESP-AT, TCP/IP AT Commands). names.hpp says where names lead to.
#pragma once

#include <functional>

#include "emulator/board.hpp"

namespace atcert::emulator {

class DomainCommand {
 public:
  DomainCommand(Run& run, std::function<bool()> online) : run_(run), online_(std::move(online)) {}

  CommandRows commands();

 private:
  Outcome resolve(const Parameters& parameters);

  Run& run_;
  std::function<bool()> online_;
};

}  // namespace atcert::emulator
