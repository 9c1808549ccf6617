// SPDX-License-Identifier: Apache-2.0
// AT+SYSMSG, AT+SLEEP, AT+RFPOWER (ESP-AT, Basic AT Commands). Of these only the prompts of AT+SYSMSG have an effect
// here.
#pragma once

#include <vector>

#include "emulator/board.hpp"

namespace atcert::emulator {

class RadioCommands {
 public:
  explicit RadioCommands(Run& run);

  CommandRows commands();

 private:
  Outcome query_prompts() const;
  Outcome set_prompts(const Parameters& parameters);
  Outcome query_power() const;
  Outcome set_power(const Parameters& parameters);

  Run& run_;
  std::int32_t sleep_;
  std::vector<std::int32_t> power_;  // of Wi-Fi, then of Bluetooth LE where the chip has it
};

}  // namespace atcert::emulator
