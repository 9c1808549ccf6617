// SPDX-License-Identifier: Apache-2.0
#include "module/module.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "at/error_code.hpp"

namespace atcert::module {
namespace {

constexpr Milliseconds kQuick{2000};

constexpr std::array<std::string_view, 3> kSlots{"mqtt_ca", "mqtt_cert", "mqtt_key"};

Result<at::Reply> execute(at::Session& session, std::string_view line) {
  return session.execute({at::CommandLine(line), kQuick});
}

bool is_unknown(const at::Reply& reply) {
  const auto& codes = reply.error_codes;
  return std::find(codes.begin(), codes.end(), at::kNotSupported) != codes.end();
}

// A command that exists may refuse its query form, but then not as unknown. Without error codes there is no telling.
bool exists(const at::Reply& reply, bool error_codes) {
  return reply.ok || (error_codes && !is_unknown(reply));
}

bool is_hex_digit(char c) {
  return std::string_view("0123456789abcdefABCDEF").find(c) != std::string_view::npos;
}

// Empty: `line` is not one with a MAC address.
std::string parse_mac(std::string_view line) {
  constexpr std::string_view kHead = "+CIPSTAMAC:\"";
  constexpr std::string_view kForm = "xx:xx:xx:xx:xx:xx\"";
  if (!line.starts_with(kHead) || line.size() != kHead.size() + kForm.size()) return {};
  line.remove_prefix(kHead.size());
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool fits = kForm[i] == 'x' ? is_hex_digit(line[i]) : line[i] == kForm[i];
    if (!fits) return {};
  }
  return std::string(line.substr(0, line.size() - 1));
}

bool too_old(const Identity& identity) {
  return identity.release.numbers[0] < 2;
}

Error without_mqtt(const Identity& identity) {
  const bool old = too_old(identity);
  return {ErrorKind::module, old ? "firmware_too_old" : "no_mqtt",
          fmt::format("the module's firmware has no MQTT commands: AT version {}", identity.firmware),
          old ? "AT firmware of the 1.x line has no MQTT" : "it was built without them",
          "flash ESP-AT 2.1 or later, see Espressif's \"Released Firmware\""};
}

Error without_store(const at::Reply& mfg, const at::Reply& flash) {
  return {ErrorKind::module, "no_store",
          fmt::format("the module has no place for MQTT credentials: AT+SYSMFG? gives {}; AT+SYSFLASH? gives {}",
                      mfg.words(), flash.words()),
          "neither mfg_nvs nor the partitions mqtt_ca, mqtt_cert and mqtt_key are in its partition table",
          "flash a factory image that has them"};
}

}  // namespace

Result<Module> Module::identify(at::Session& session, const Settings& settings) {
  Module module;
  module.error_codes_ = settings.error_codes();
  ATCERT_CHECK(module.ask(session));
  return module;
}

Result<void> Module::ask(at::Session& session) {
  ATCERT_CHECK(ask_identity(session));
  if (too_old(identity_)) return without_mqtt(identity_);
  ATCERT_TRY(const bool, mqtt, has_command(session, "AT+MQTTCONN"));
  if (!mqtt) return without_mqtt(identity_);
  ATCERT_CHECK(ask_mac(session));
  return ask_storage(session);
}

Result<bool> Module::has_command(at::Session& session, std::string_view command) {
  if (const auto known = commands_.find(command); known != commands_.end()) return known->second;
  ATCERT_TRY(const auto, reply, execute(session, std::string(command) + "?"));
  return commands_.emplace(command, exists(reply, error_codes_)).first->second;
}

const Partition* Module::partition(std::string_view name) const {
  const auto found =
      std::find_if(partitions_.begin(), partitions_.end(), [&](const Partition& p) { return p.name == name; });
  return found == partitions_.end() ? nullptr : &*found;
}

Result<void> Module::ask_identity(at::Session& session) {
  ATCERT_TRY(const auto, reply, execute(session, "AT+GMR"));
  if (!reply.ok) return at::refusal("AT+GMR", reply);
  ATCERT_TRY(auto, identity, parse_identity(reply.lines));
  identity_ = std::move(identity);
  return {};
}

// +CIPSTAMAC:"02:00:00:00:00:42"; refused where the module is no station.
Result<void> Module::ask_mac(at::Session& session) {
  ATCERT_TRY(const auto, reply, execute(session, "AT+CIPSTAMAC?"));
  for (const OutsideText& line : reply.lines) {
    if (auto mac = parse_mac(line.raw()); !mac.empty()) mac_ = std::move(mac);
  }
  return {};
}

// A namespace of its own is the shorter answer; all namespaces are asked for where there is none (yet).
Result<at::Reply> Module::ask_mfg(at::Session& session) {
  ATCERT_TRY(auto, keys, execute(session, "AT+SYSMFG=1,\"mqtt_ca\""));
  if (keys.ok || is_unknown(keys)) return keys;
  return execute(session, "AT+SYSMFG?");
}

// The release does not decide: a firmware of 3.1 or later on the partition table of an older one has AT+SYSMFG, but it
// always fails, and the firmware uses the raw partitions (esp-at, components/at/src/at_init.c).
Result<void> Module::ask_storage(at::Session& session) {
  ATCERT_TRY(const at::Reply, mfg, ask_mfg(session));
  generation_ = mfg.ok ? image::Generation::nvs : image::Generation::pki;
  if (mfg.ok) return {};
  ATCERT_TRY(const auto, flash, execute(session, "AT+SYSFLASH?"));
  for (const OutsideText& line : flash.lines) {
    if (auto found = parse_partition(line.raw())) partitions_.push_back(*std::move(found));
  }
  const auto there = [&](std::string_view slot) { return partition(slot) != nullptr; };
  return std::all_of(kSlots.begin(), kSlots.end(), there) ? Result<void>() : without_store(mfg, flash);
}

}  // namespace atcert::module
