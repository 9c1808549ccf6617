// SPDX-License-Identifier: Apache-2.0
// A row of the module's command table, in the shape of ESP-AT's own esp_at_cmd_struct: a name and a handler for each
// form. A group of commands (basic, Wi-Fi, MQTT ...) brings its rows and keeps the state that they share.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "emulator/command_line.hpp"

namespace atcert::emulator {

enum class Outcome {
  ok,       // prints OK
  error,    // prints ERROR
  done,     // the handler has printed all there is
  running,  // the result comes later, through CommandPort::finish()
};

struct Command {
  std::string_view name;  // "+CWMODE"; empty for AT itself
  std::function<Outcome()> query;
  std::function<Outcome(const Parameters&)> set;
  std::function<Outcome()> execute;
};

using CommandRows = std::vector<Command>;

}  // namespace atcert::emulator
