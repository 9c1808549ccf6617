// SPDX-License-Identifier: Apache-2.0
#include "emulator/module.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/embedded.hpp"
#include "emulator/full_store.hpp"
#include "emulator/timing.hpp"

namespace atcert::emulator {

Result<std::unique_ptr<Module>> Module::create(Options options, FlashMemory& flash, const Clock& clock,
                                               MqttConnectionFactory connect, SocketFactory sockets) {
  ATCERT_TRY(const image::LayoutCatalogue, catalogue, image::LayoutCatalogue::load(embedded_partitions()));
  ATCERT_TRY(const image::ModuleKind, found, catalogue.find_module(options.module));
  ATCERT_TRY(FlashMap, map, flash_map(catalogue, found, options.release, options.generation));
  ModuleKind kind = module_kind(found);
  const Features features = features_of(kind, options.release);
  Settings settings(flash, map.settings);
  Stored stored;
  if (const auto uart = settings.uart()) stored.uart = *uart;
  if (options.faults.has(Fault::wrong_baud)) options.baud_rate = options.faults.argument(Fault::wrong_baud);
  if (options.baud_rate) stored.uart = Uart{.baud_rate = *options.baud_rate};
  const Partition* store = map.user(kMfgNvsName);
  if (options.faults.has(Fault::full_store) && store != nullptr) fill_store(flash, *store);
  Board board{std::move(options), std::move(kind), features, std::move(map), flash, clock,
              ModuleClock(clock), settings,        stored};
  std::unique_ptr<Module> module(new Module(std::move(board), std::move(connect), std::move(sockets)));
  module->power_on();
  return module;
}

void Module::receive(ByteView chunk) {
  const Bytes heard = line_.incoming(chunk);
  if (!firmware_) return;
  std::size_t count = 0;
  bool reset = false;
  while (count < heard.size() && !reset) {
    reset = board_.faults().reached(Fault::reset_at_byte);
    ++count;
  }
  firmware_->receive(ByteView(heard).first(count));
  if (reset) firmware_->crash();
  advance();
}

void Module::advance() {
  line_.advance();
  if (boot_at_ && *boot_at_ <= board_.clock.now()) start();
  if (!firmware_) return;
  firmware_->advance();
  follow_rate();
  obey();
}

void Module::start() {
  boot_at_.reset();
  firmware_ = std::make_unique<Firmware>(board_, connect_, sockets_);
  firmware_->start();
  if (!std::exchange(started_before_, true) && board_.has(Fault::data_phase)) begin_data_phase();
  baud_rate_ = firmware_->uart().baud_rate;
}

// As a host leaves it that was killed while it wrote the certificate.
void Module::begin_data_phase() {
  const bool nvs = board_.map.user(kMfgNvsName) != nullptr;
  firmware_->receive(as_bytes(
      fmt::format("{}{}\r\n", nvs ? "AT+SYSMFG=2,\"mqtt_cert\",\"mqtt_cert\",8," : "AT+SYSFLASH=1,\"mqtt_cert\",0,",
                  board_.faults().argument(Fault::data_phase))));
  static_cast<void>(firmware_->take_output());
}

void Module::follow_rate() {
  if (std::exchange(baud_rate_, firmware_->uart().baud_rate) != firmware_->uart().baud_rate) line_.rate_changed();
}

void Module::power_on() {
  boot_at_ = board_.clock.now() + kBootTime;
}

// Restarts or switches off, if that is what the firmware was told to do.
void Module::obey() {
  if (firmware_->wish() == Firmware::Wish::run) return;
  const Firmware::Wish wish = firmware_->wish();
  firmware_->stop();
  const Bytes rest = firmware_->take_output();
  last_words_.insert(last_words_.end(), rest.begin(), rest.end());
  firmware_.reset();
  if (!board_.kind.keeps_time) board_.time.reset();
  if (wish == Firmware::Wish::restart || wish == Firmware::Wish::crash) power_on();
  if (wish == Firmware::Wish::unplug) plug_ = Plug::out;
  if (wish == Firmware::Wish::replug) plug_ = Plug::out_for_a_moment;
}

Bytes Module::take_output() {
  Bytes output = std::exchange(last_words_, {});
  if (firmware_) {
    const Bytes more = firmware_->take_output();
    output.insert(output.end(), more.begin(), more.end());
  }
  return line_.outgoing(std::move(output));
}

std::optional<SteadyTime> Module::deadline() const {
  std::optional<SteadyTime> due = boot_at_;
  if (!due && firmware_) due = firmware_->deadline();
  if (const auto escape = line_.deadline()) due = std::min(due.value_or(*escape), *escape);
  return due;
}

std::vector<Pollable*> Module::connections() const {
  return firmware_ ? firmware_->connections() : std::vector<Pollable*>();
}

const Uart& Module::uart() const {
  return firmware_ ? firmware_->uart() : board_.stored.uart;
}

}  // namespace atcert::emulator
