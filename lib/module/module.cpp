// SPDX-License-Identifier: Apache-2.0
#include "module/module.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "at/error_code.hpp"

namespace atcert::module {
namespace {

constexpr Milliseconds kQuick{2000};
// AT+CMD? lists some 150 commands, 25 bytes each: 0.4 s at 115200 baud, 4 s at 9600.
constexpr Milliseconds kList{10'000};

// What is asked for one by one where there is no AT+CMD?: the commands that jobs and templates make conditions of.
constexpr std::array<std::string_view, 12> kProbed{
    "AT+CIPDOMAIN", "AT+CIPSNTPCFG",  "AT+CWSTATE",  "AT+MQTTALPN", "AT+MQTTCONN", "AT+MQTTLONGCLIENTID",
    "AT+MQTTSNI",   "AT+MQTTUSERCFG", "AT+SYSFLASH", "AT+SYSMFG",   "AT+SYSSTORE", "AT+SYSTIMESTAMP",
};

constexpr std::array<std::string_view, 3> kSlots{"mqtt_ca", "mqtt_cert", "mqtt_key"};

Result<at::Reply> execute(at::Session& session, std::string_view line, Milliseconds timeout = kQuick) {
  return session.execute({at::CommandLine(line), timeout});
}

// +CMD:<index>,"AT+X",<test>,<query>,<set>,<execute>
std::string listed_command(std::string_view line) {
  const std::size_t open = line.find('"');
  const std::size_t close = line.rfind('"');
  if (!line.starts_with("+CMD:") || open == close) return {};
  return std::string(line.substr(open + 1, close - open - 1));
}

// A command that exists may refuse its query form, but then not as unknown. Without error codes there is no telling.
bool exists(const at::Reply& reply, bool error_codes) {
  const auto& codes = reply.error_codes;
  return reply.ok || (error_codes && std::find(codes.begin(), codes.end(), at::kNotSupported) == codes.end());
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

Result<Module> Module::identify(at::Session& session) {
  ATCERT_CHECK(session.synchronise());
  Module module;
  auto asked = module.ask(session);
  if (asked) return module;
  const ErrorKind kind = asked.error().kind;
  if (kind != ErrorKind::module && kind != ErrorKind::interrupted) return std::move(asked).error();
  if (kind == ErrorKind::interrupted) session.hurry();
  const at::Session::Uninterrupted whole(session);
  if (!module.restore(session)) {
    asked.error().what += "; its echo and log settings could not be put back";
    asked.error().remedy = "reset the module before it is used";
  }
  return std::move(asked).error();
}

Result<void> Module::ask(at::Session& session) {
  ATCERT_CHECK(ask_settings(session));
  ATCERT_CHECK(ask_identity(session));
  if (too_old(identity_)) return without_mqtt(identity_);
  ATCERT_CHECK(ask_commands(session));
  if (!has_command("AT+MQTTCONN")) return without_mqtt(identity_);
  return ask_storage(session);
}

const Partition* Module::partition(std::string_view name) const {
  const auto found =
      std::find_if(partitions_.begin(), partitions_.end(), [&](const Partition& p) { return p.name == name; });
  return found == partitions_.end() ? nullptr : &*found;
}

Result<void> Module::ask_settings(at::Session& session) {
  ATCERT_TRY(const auto, hello, execute(session, "AT"));
  found_.echo = hello.echoed;
  if (hello.echoed) ATCERT_CHECK(execute(session, "ATE0"));
  ATCERT_TRY(const auto, syslog, execute(session, "AT+SYSLOG?"));
  if (!syslog.ok) return {};
  const auto& lines = syslog.lines;
  found_.error_codes =
      std::any_of(lines.begin(), lines.end(), [](const auto& line) { return line.raw() == "+SYSLOG:1"; });
  if (!*found_.error_codes) ATCERT_CHECK(execute(session, "AT+SYSLOG=1"));
  return {};
}

Result<void> Module::ask_identity(at::Session& session) {
  ATCERT_TRY(const auto, reply, execute(session, "AT+GMR"));
  if (!reply.ok) return at::refusal("AT+GMR", reply);
  ATCERT_TRY(auto, identity, parse_identity(reply.lines));
  identity_ = std::move(identity);
  return {};
}

Result<void> Module::ask_commands(at::Session& session) {
  ATCERT_TRY(const auto, reply, execute(session, "AT+CMD?", kList));
  for (const OutsideText& line : reply.lines) {
    if (auto command = listed_command(line.raw()); !command.empty()) commands_.insert(std::move(command));
  }
  return commands_.empty() ? probe_commands(session) : Result<void>();
}

Result<void> Module::probe_commands(at::Session& session) {
  for (const std::string_view command : kProbed) {
    ATCERT_TRY(const auto, reply, execute(session, std::string(command) + "?"));
    if (exists(reply, found_.error_codes.has_value())) commands_.emplace(command);
  }
  return {};
}

// The release does not decide: a firmware of 3.1 or later on the partition table of an older one has AT+SYSMFG, but it
// always fails, and the firmware uses the raw partitions (esp-at, components/at/src/at_init.c).
Result<void> Module::ask_storage(at::Session& session) {
  at::Reply mfg;
  if (has_command("AT+SYSMFG")) {
    ATCERT_TRY(auto, reply, execute(session, "AT+SYSMFG?"));
    generation_ = image::Generation::nvs;
    if (reply.ok) return {};
    mfg = std::move(reply);
  }
  generation_ = image::Generation::pki;
  ATCERT_TRY(const auto, flash, execute(session, "AT+SYSFLASH?"));
  for (const OutsideText& line : flash.lines) {
    if (auto found = parse_partition(line.raw())) partitions_.push_back(*std::move(found));
  }
  const auto there = [&](std::string_view slot) { return partition(slot) != nullptr; };
  return std::all_of(kSlots.begin(), kSlots.end(), there) ? Result<void>() : without_store(mfg, flash);
}

Result<void> Module::restore(at::Session& session) const {
  if (found_.error_codes == false) ATCERT_CHECK(execute(session, "AT+SYSLOG=0"));
  if (found_.echo) ATCERT_CHECK(execute(session, "ATE1"));
  return {};
}

}  // namespace atcert::module
