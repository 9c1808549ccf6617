// SPDX-License-Identifier: Apache-2.0
#include "emulator/module.hpp"

#include "base/embedded.hpp"
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
  if (options.baud_rate) stored.uart = Uart{.baud_rate = *options.baud_rate};
  Board board{std::move(options), std::move(kind), features, std::move(map), flash, clock,
              ModuleClock(clock), settings,        stored};
  std::unique_ptr<Module> module(new Module(std::move(board), std::move(connect), std::move(sockets)));
  module->boot_at_ = clock.now() + kBootTime;
  return module;
}

void Module::receive(ByteView chunk) {
  if (!firmware_ || board_.has(Fault::silent)) return;
  firmware_->receive(chunk);
  advance();
}

void Module::advance() {
  if (boot_at_ && *boot_at_ <= board_.clock.now()) {
    boot_at_.reset();
    firmware_ = std::make_unique<Firmware>(board_, connect_, sockets_);
    firmware_->start();
  }
  if (!firmware_) return;
  firmware_->advance();
  obey();
}

// Restarts or switches off, if that is what the firmware was told to do.
void Module::obey() {
  if (firmware_->wish() == Firmware::Wish::run) return;
  const bool restart = firmware_->wish() != Firmware::Wish::power_off;
  firmware_->stop();
  const Bytes rest = firmware_->take_output();
  last_words_.insert(last_words_.end(), rest.begin(), rest.end());
  firmware_.reset();
  if (!board_.kind.keeps_time) board_.time.reset();
  if (restart) boot_at_ = board_.clock.now() + kBootTime;
}

Bytes Module::take_output() {
  Bytes output = std::exchange(last_words_, {});
  if (firmware_) {
    const Bytes more = firmware_->take_output();
    output.insert(output.end(), more.begin(), more.end());
  }
  if (board_.has(Fault::silent)) output.clear();
  return output;
}

std::optional<SteadyTime> Module::deadline() const {
  if (boot_at_) return boot_at_;
  return firmware_ ? firmware_->deadline() : std::nullopt;
}

std::vector<Pollable*> Module::connections() const {
  return firmware_ ? firmware_->connections() : std::vector<Pollable*>();
}

const Uart& Module::uart() const {
  return firmware_ ? firmware_->uart() : board_.stored.uart;
}

}  // namespace atcert::emulator
