// SPDX-License-Identifier: Apache-2.0
// What of the module outlives a restart of its firmware, and what every group of commands works with.
#pragma once

#include <optional>

#include "emulator/command_port.hpp"
#include "emulator/firmware_release.hpp"
#include "emulator/flash_map.hpp"
#include "emulator/flash_memory.hpp"
#include "emulator/module_clock.hpp"
#include "emulator/mqtt_connection.hpp"
#include "emulator/options.hpp"
#include "emulator/settings.hpp"
#include "emulator/timers.hpp"
#include "emulator/uart.hpp"

namespace atcert::emulator {

// What commands store in flash and a restart does not undo; AT+RESTORE does.
struct Stored {
  Uart uart;                      // AT+UART_DEF
  std::int32_t auto_connect = 1;  // AT+CWAUTOCONN
  std::int32_t dhcp = 3;          // AT+CWDHCP: a bit for the station, one for the access point
  std::int32_t prompts = 0;       // AT+SYSMSG
};

struct Board {
  Options options;
  ModuleKind kind;
  Features features;
  FlashMap map;
  FlashMemory& flash;
  const Clock& clock;
  ModuleClock time;
  Settings settings;
  Stored stored{};
  std::optional<MqttReceived> first_message{};  // for Fault::message_replayed
  bool network_was_lost = false;                // by Fault::wifi_lost, which happens once

  FaultSet& faults() { return options.faults; }
  bool has(Fault fault) const { return options.faults.has(fault); }
};

// One run of the firmware, from start to restart.
struct Run {
  Board& board;
  CommandPort& port;
  Timers& timers;
  bool store_settings = true;                   // AT+SYSSTORE
  std::int32_t prompts = board.stored.prompts;  // AT+SYSMSG
};

}  // namespace atcert::emulator
