// SPDX-License-Identifier: Apache-2.0
#include "emulator/firmware.hpp"

#include <algorithm>
#include <iterator>

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

// A line of the firmware's own log, and how often it comes.
constexpr std::string_view kLogLine = "\x1b[0;32mI (5120) wifi:state: init -> auth (b0)\x1b[0m\r\n";
constexpr Milliseconds kLogPause{500};

// What may come unasked and says nothing of this module's own Wi-Fi or MQTT connection (ESP-AT, messages of the
// module).
constexpr std::string_view kUnasked[] = {"+STA_CONNECTED:\"bf:4f:6f:1c:2e:41\"\r\n", "+QUITT\r\n",
                                         "+DIST_STA_IP:\"bf:4f:6f:1c:2e:41\",\"192.168.4.2\"\r\n",
                                         "WIFI GOT IPv6 LL\r\n", "+STA_DISCONNECTED:\"bf:4f:6f:1c:2e:41\"\r\n"};

void append(CommandRows& rows, CommandRows more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Firmware::Firmware(Board& board, MqttConnectionFactory connect, SocketFactory sockets)
    : board_(board),
      timers_(board.clock),
      port_(
          port_settings(), [this](const CommandLine& line) { return execute(line); },
          [this] { wish_ = Wish::restart; }),
      run_{board, port_, timers_},
      wifi_(run_, [this] { crash(); }),
      basic_(run_, {[this] { wish_ = Wish::restart; }, [this] { wish_ = Wish::power_off; },
                    [this]() -> const CommandRows& { return rows_; }}),
      time_(run_, [this] { return wifi_.has_address(); }),
      flash_(run_),
      mfg_(run_),
      domain_(run_, [this] { return wifi_.has_address(); }),
      client_(run_, {std::move(connect), [this] { return wifi_.has_address(); }, [this] { crash(); },
                     [this] { wifi_.lose(); }}),
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

CommandPort::Settings Firmware::port_settings() {
  FaultSet& faults = board_.faults();
  CommandPort::Settings settings;
  settings.queue_busy_lines = faults.has(Fault::busy);
  settings.drop_busy_command = faults.has(Fault::busy_drops);
  const Fault busy = faults.has(Fault::busy) ? Fault::busy : Fault::busy_drops;
  settings.busy_every = static_cast<unsigned>(faults.argument(busy));
  settings.hang_in_data = faults.has(Fault::hang_in_data);
  settings.lossy_data_phase = static_cast<unsigned>(faults.argument(Fault::lost_in_data));
  settings.double_cr = faults.has(Fault::double_cr);
  settings.no_ok = faults.has(Fault::no_ok);
  if (faults.has(Fault::prompt)) settings.prompt = static_cast<PromptForm>(faults.argument(Fault::prompt));
  settings.delay = Milliseconds(faults.argument(Fault::late_results));
  if (faults.has(Fault::urc_storm)) settings.around_result = [this] { print_unasked(); };
  settings.later = [this](Milliseconds delay, auto action) { timers_.after(delay, std::move(action)); };
  return settings;
}

void Firmware::print_unasked() {
  for (std::int32_t i = 0; i < board_.faults().argument(Fault::urc_storm); ++i) {
    port_.print(kUnasked[static_cast<std::size_t>(i) % std::size(kUnasked)]);
  }
}

void Firmware::start() {
  if (board_.has(Fault::log_text) || board_.has(Fault::log_port)) port_.print(kBootLog);
  if (board_.has(Fault::log_port)) return print_log();
  port_.print("\r\nready\r\n");
  wifi_.start();
}

void Firmware::print_log() {
  port_.print(kLogLine);
  timers_.after(kLogPause, [this] { print_log(); });
}

void Firmware::stop() {
  if (wish_ != Wish::restart && wish_ != Wish::power_off) return;
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

// What a fault makes of the command, or nothing.
std::optional<Outcome> Firmware::misbehave() {
  FaultSet& faults = board_.faults();
  static_cast<void>(faults.reached(Fault::silent_after));
  if (faults.reached(Fault::unplugged)) wish_ = Wish::unplug;
  if (faults.reached(Fault::replugged)) wish_ = Wish::replug;
  if (faults.reached(Fault::reset_in_command)) crash();
  const bool stuck = faults.reached(Fault::stuck);
  if (wish_ != Wish::run || stuck) return Outcome::running;
  return std::nullopt;
}

// An unknown command has a code, a form that the command does not have is a plain ERROR.
Outcome Firmware::execute(const CommandLine& line) {
  if (const auto outcome = misbehave()) return *outcome;
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
