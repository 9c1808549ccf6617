// SPDX-License-Identifier: Apache-2.0
#include "emulator/firmware.hpp"

#include <algorithm>

namespace atcert::emulator {
namespace {

// What the boot loader of an ESP32 prints; on the AT port only if log and AT port share their pins.
constexpr std::string_view kBootLog =
    "ets Jun  8 2016 00:22:57\r\n\r\n"
    "rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n"
    "configsip: 0, SPIWP:0xee\r\n"
    "mode:DIO, clock div:2\r\n"
    "load:0x3fff0018,len:4\r\n"
    "entry 0x40078fb4\r\n"
    "\x1b[0;32mI (28) boot: ESP-IDF v4.3.3 2nd stage bootloader\x1b[0m\r\n";

constexpr unsigned kBusyEvery = 4;

CommandPort::Settings port_settings(const Board& board) {
  CommandPort::Settings settings;
  settings.queue_busy_lines = board.has(Fault::busy);
  settings.drop_busy_command = board.has(Fault::busy_drops);
  settings.busy_every = board.has(Fault::busy) || board.has(Fault::busy_drops) ? kBusyEvery : 0;
  settings.hang_in_data = board.has(Fault::hang_in_data);
  return settings;
}

void append(CommandRows& rows, CommandRows more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Firmware::Firmware(Board& board, MqttConnectionFactory connect, SocketFactory sockets)
    : board_(board),
      timers_(board.clock),
      port_(
          port_settings(board), [this](const CommandLine& line) { return execute(line); },
          [this] { wish_ = Wish::restart; }),
      run_{board, port_, timers_},
      wifi_(run_),
      basic_(run_, {[this] { wish_ = Wish::restart; }, [this] { wish_ = Wish::power_off; },
                    [this]() -> const CommandRows& { return rows_; }}),
      time_(run_, [this] { return wifi_.has_address(); }),
      flash_(run_),
      mfg_(run_),
      domain_(run_, [this] { return wifi_.has_address(); }),
      client_(run_, {std::move(connect), [this] { return wifi_.has_address(); }, [this] { wish_ = Wish::crash; }}),
      sockets_(run_, {std::move(sockets), [this] { return wifi_.has_address(); }}),
      network_(run_, wifi_, sockets_),
      radio_(run_) {
  append(rows_, basic_.commands());
  append(rows_, flash_.commands());
  if (board.features.sysmfg) append(rows_, mfg_.commands());
  append(rows_, wifi_.commands());
  append(rows_, time_.commands());
  append(rows_, domain_.commands());
  append(rows_, client_.commands());
  append(rows_, sockets_.commands());
  append(rows_, network_.commands());
  append(rows_, radio_.commands());
  wifi_.on_address([this] { time_.network_up(); });
  wifi_.on_disconnect([this] {
    client_.network_lost();
    sockets_.network_lost();
  });
}

void Firmware::start() {
  if (board_.has(Fault::log_text)) port_.print(kBootLog);
  port_.print("\r\nready\r\n");
  wifi_.start();
}

void Firmware::stop() {
  if (wish_ == Wish::crash) return;
  wifi_.on_disconnect({});
  wifi_.disconnect();
}

void Firmware::advance() {
  timers_.run();
  client_.service();
  sockets_.service();
}

std::optional<SteadyTime> Firmware::deadline() const {
  std::optional<SteadyTime> due = timers_.next();
  for (const Pollable* connection : connections()) {
    if (const auto other = connection->deadline()) due = std::min(due.value_or(*other), *other);
  }
  return due;
}

std::vector<Pollable*> Firmware::connections() const {
  std::vector<Pollable*> all = sockets_.connections();
  if (client_.connection() != nullptr) all.push_back(client_.connection());
  return all;
}

// An unknown command has a code, a form that the command does not have is a plain ERROR.
Outcome Firmware::execute(const CommandLine& line) {
  const auto row =
      std::find_if(rows_.begin(), rows_.end(), [&](const Command& each) { return each.name == line.name; });
  if (row == rows_.end()) {
    port_.print_error(kErrorUnsupported);
    return Outcome::error;
  }
  if (line.form == Form::query && row->query) return row->query();
  if (line.form == Form::set && row->set) return row->set(line.parameters);
  if (line.form == Form::execute && row->execute) return row->execute();
  return Outcome::error;
}

}  // namespace atcert::emulator
