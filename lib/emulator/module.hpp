// SPDX-License-Identifier: Apache-2.0
// An ESP-AT module: bytes of its AT port in, bytes out, and the flash, clock and network around it passed in. Nothing
// here blocks or reads a clock of its own; whoever owns a module feeds it, and calls advance() when deadline() has come
// or its connection is ready. One thread uses a module.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "emulator/board.hpp"
#include "emulator/firmware.hpp"
#include "emulator/line_faults.hpp"

namespace atcert::emulator {

class Module {
 public:
  // Powers on. An error if no such module can be emulated.
  static Result<std::unique_ptr<Module>> create(Options options, FlashMemory& flash, const Clock& clock,
                                                MqttConnectionFactory connect, SocketFactory sockets = {});

  void receive(ByteView chunk);
  // Does what is due and what happened on the connection.
  void advance();
  Bytes take_output();
  std::optional<SteadyTime> deadline() const;

  // What is to be polled beside the port.
  std::vector<Pollable*> connections() const;
  // How its UART is set.
  const Uart& uart() const;
  const FaultSet& faults() const { return board_.options.faults; }
  // Whether its plug has been pulled, and with it its power; told once.
  enum class Plug { in, out, out_for_a_moment };
  Plug take_plug() { return std::exchange(plug_, Plug::in); }
  // The plug is in again.
  void power_on();

 private:
  Module(Board board, MqttConnectionFactory connect, SocketFactory sockets)
      : board_(std::move(board)),
        connect_(std::move(connect)),
        sockets_(std::move(sockets)),
        line_(board_.faults(), board_.clock) {}

  void start();
  void begin_data_phase();
  void follow_rate();
  void obey();

  Board board_;
  MqttConnectionFactory connect_;
  SocketFactory sockets_;
  std::unique_ptr<Firmware> firmware_;  // none while the chip starts or is off
  LineFaults line_;
  std::optional<SteadyTime> boot_at_;
  bool started_before_ = false;
  std::int32_t baud_rate_ = 0;
  Plug plug_ = Plug::in;
  Bytes last_words_;
};

}  // namespace atcert::emulator
