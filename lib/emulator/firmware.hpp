// SPDX-License-Identifier: Apache-2.0
// One run of the firmware, from its start to its restart: the AT port, the command table and the groups behind it.
#pragma once

#include <optional>
#include <vector>

#include "emulator/basic_commands.hpp"
#include "emulator/board.hpp"
#include "emulator/client_commands.hpp"
#include "emulator/domain_command.hpp"
#include "emulator/flash_commands.hpp"
#include "emulator/mfg_commands.hpp"
#include "emulator/network_commands.hpp"
#include "emulator/radio_commands.hpp"
#include "emulator/socket_commands.hpp"
#include "emulator/time_commands.hpp"
#include "emulator/wifi.hpp"

namespace atcert::emulator {

class Firmware {
 public:
  Firmware(Board& board, MqttConnectionFactory connect, SocketFactory sockets);
  Firmware(const Firmware&) = delete;
  Firmware& operator=(const Firmware&) = delete;

  // Prints `ready` and joins what is stored.
  void start();
  void receive(ByteView chunk) { port_.receive(chunk); }
  // Does what is due.
  void advance();
  Bytes take_output() { return port_.take_output(); }
  std::optional<SteadyTime> deadline() const;

  // What is to be polled beside the port.
  std::vector<Pollable*> connections() const;
  const Uart& uart() const { return basic_.uart(); }
  // What the firmware wants of the chip, or the chip of the world.
  enum class Wish { run, restart, crash, power_off, unplug, replug };
  Wish wish() const { return wish_; }
  void crash() { wish_ = Wish::crash; }
  // What a restart prints on its way down.
  void stop();

 private:
  CommandPort::Settings port_settings();
  Outcome execute(const CommandLine& line);
  std::optional<Outcome> misbehave();
  void print_unasked();
  void print_log();

  Board& board_;
  Wish wish_ = Wish::run;
  Timers timers_;
  CommandPort port_;
  Run run_;
  Wifi wifi_;
  BasicCommands basic_;
  TimeCommands time_;
  FlashCommands flash_;
  MfgCommands mfg_;
  DomainCommand domain_;
  ClientCommands client_;
  SocketCommands sockets_;
  NetworkCommands network_;
  RadioCommands radio_;
  CommandRows rows_;
};

}  // namespace atcert::emulator
