// SPDX-License-Identifier: Apache-2.0
#include "emulator/firmware_release.hpp"

#include <fmt/core.h>

#include "emulator/firmware_build.hpp"

namespace atcert::emulator {
namespace {

bool since(const image::Release& release, std::uint16_t major, std::uint16_t minor) {
  return release >= image::Release{{major, minor, 0, 0}};
}

std::string bin_version(const image::Release& release) {
  const auto& n = release.numbers;
  if (since(release, 3, 2)) return "v" + to_string(release);
  return fmt::format("{}.{}.{}", n[0], n[1], n[2]);
}

// The name in AT+GMR is an alias, or the marketed name with the chip as the firmware writes it: "ESP32C2-2MB".
std::string gmr_name(const image::ModuleKind& module) {
  if (!module.aliases.empty()) return module.aliases.front();
  const std::size_t family = std::string_view("ESP32").size();
  const bool dashed = module.chip.size() > family && module.name.size() > family && module.name[family] == '-';
  return dashed ? module.name.substr(0, family) + module.name.substr(family + 1) : module.name;
}

}  // namespace

ModuleKind module_kind(const image::ModuleKind& module) {
  const bool esp8266 = module.chip == "ESP8266";
  return {module.name, module.chip, gmr_name(module), !esp8266 && module.chip != "ESP32C2", !esp8266};
}

Features features_of(const ModuleKind& kind, const image::Release& release) {
  Features features{};
  features.link_state = since(release, 2, 4);
  features.auto_connect_query = since(release, 4, 1);
  features.ping_timeout = since(release, 2, 2);
  features.store_switch = since(release, 2, 1);
  features.join_fields = since(release, 2, 2);
  features.chip_in_version = since(release, 2, 2);
  features.command_list = since(release, 2, 2);
  features.hhmm_time_zone = since(release, 2, 2);
  features.quoted_domain = since(release, 2, 2);
  features.reset_modes = since(release, 3, 1) && (kind.chip == "ESP32C2" || kind.chip == "ESP32C3");
  const bool esp8266 = kind.chip == "ESP8266";
  features.sntp_interval = since(release, 2, 3) && !esp8266;
  features.mqtt_alpn = since(release, 2, 3) && !esp8266;
  features.mqtt_long = since(release, 3, 0) || (esp8266 && since(release, 2, 3));
  features.time_updated = since(release, 3, 0);
  features.sysmfg = since(release, 3, 1);
  features.mqtt_sni = since(release, 3, 3);
  features.domain_timeout = since(release, 4, 1);
  features.mqtt_timeout = since(release, 5, 0);
  features.suback_checked = since(release, 5, 0);
  features.mqtt_buffer = esp8266 ? 512 : 1024;
  features.last_will_limit = since(release, 4, 1) ? 128 : 64;
  return features;
}

std::string version_text(const ModuleKind& kind, const image::Release& release) {
  const FirmwareBuild& build = build_of(release, kind.chip);
  const std::string chip = features_of(kind, release).chip_in_version ? fmt::format("{} - ", kind.chip) : std::string();
  return fmt::format("AT version:{}({} - {}{})\r\nSDK version:{}\r\ncompile time{}\r\nBin version:{}({})\r\n",
                     to_string(release), build.commit, chip, build.date, build.sdk, build.compile_time,
                     bin_version(release), kind.gmr_name);
}

}  // namespace atcert::emulator
