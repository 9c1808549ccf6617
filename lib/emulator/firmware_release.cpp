// SPDX-License-Identifier: Apache-2.0
#include "emulator/firmware_release.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace atcert::emulator {
namespace {

// What a build says of itself. Releases that are not here borrow the lines of the last one before them.
struct Build {
  image::Release release;
  std::string_view commit;  // of the closed core library; "s-" marks a build that keeps its log port silent
  std::string_view date;
  std::string_view sdk;
  std::string_view compile_time;
};

const std::array kBuilds{
    Build{image::Release{{2, 0, 0, 0}}, "e44648c", "Nov  4 2019 02:18:57", "v3.3", "(7cac7ad):Nov  4 2019 06:11:40"},
    Build{image::Release{{2, 1, 0, 0}}, "ded5b14", "Jul 24 2020 12:01:05", "v4.0.1-193-ge7ac221b4",
          "(98b95fc):Oct 29 2020 11:23:25"},
    Build{image::Release{{2, 3, 0, 0}}, "s-e98993f", "Dec 23 2021 09:03:59", "v4.3.1-354-g98d34e5f6d",
          "(638cf57):May 25 2022 09:02:46"},
    Build{image::Release{{2, 4, 0, 0}}, "4c6eb5e", "May 20 2022 03:11:58", "v4.3.3-dirty",
          "(7cac7ad):May 20 2022 06:11:40"},
    Build{image::Release{{3, 2, 0, 0}}, "s-ec2dec2", "Jul 28 2023 07:05:28", "v5.0.2-376-g24b9d38a24-dirty",
          "(6118fc22):Jul 28 2023 09:47:28"},
    Build{image::Release{{3, 4, 0, 0}}, "s-c31b833", "Jun  7 2024 03:48:17", "v5.0.6-dirty",
          "(7cac7ad):Jun  7 2024 06:11:40"},
    Build{image::Release{{4, 1, 1, 0}}, "ba4dd0e", "Jul 31 2025 08:38:07", "v5.4.1-643-g8ad0d3d8f2-dirty",
          "(7c092f9a):Aug  1 2025 05:35:19"},
};

bool since(const image::Release& release, std::uint16_t major, std::uint16_t minor) {
  return release >= image::Release{{major, minor, 0, 0}};
}

const Build& build_of(const image::Release& release) {
  const auto after = std::find_if(kBuilds.begin(), kBuilds.end(), [&](const Build& b) { return b.release > release; });
  return after == kBuilds.begin() ? *after : *std::prev(after);
}

std::string bin_version(const image::Release& release) {
  const auto& n = release.numbers;
  if (since(release, 3, 4)) return "v" + to_string(release);
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
  features.chip_in_version = since(release, 2, 2);
  features.command_list = since(release, 2, 2);
  features.hhmm_time_zone = since(release, 2, 2);
  features.quoted_domain = since(release, 2, 2);
  features.reset_modes = since(release, 3, 1) && (kind.chip == "ESP32C2" || kind.chip == "ESP32C3");
  const bool esp8266 = kind.chip == "ESP8266";
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
  const Build& build = build_of(release);
  const std::string chip = features_of(kind, release).chip_in_version ? fmt::format("{} - ", kind.chip) : std::string();
  return fmt::format("AT version:{}({} - {}{})\r\nSDK version:{}\r\ncompile time{}\r\nBin version:{}({})\r\n",
                     to_string(release), build.commit, chip, build.date, build.sdk, build.compile_time,
                     bin_version(release), kind.gmr_name);
}

}  // namespace atcert::emulator
