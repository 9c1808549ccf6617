// SPDX-License-Identifier: Apache-2.0
#include "emulator/flash_map.hpp"

#include <algorithm>

namespace atcert::emulator {
namespace {

constexpr std::uint8_t kData = 1;
constexpr std::uint8_t kFat = 0x81;
constexpr std::uint8_t kNvs = 2;

}  // namespace

const Partition* FlashMap::user(std::string_view name) const {
  const auto found = std::find_if(users.begin(), users.end(), [&](const Partition& each) { return each.name == name; });
  return found == users.end() ? nullptr : &*found;
}

FlashMap flash_map(std::string_view module, image::Generation generation) {
  const bool c3 = module == "ESP32-C3-MINI-1";
  FlashMap map;
  map.settings = c3 ? Partition{"nvs", kData, kNvs, 0x10000, 0xE000} : Partition{"nvs", kData, kNvs, 0x12000, 0xE000};
  std::size_t offset = c3 ? 0x1f000 : 0x21000;
  const auto add = [&](std::string_view name, std::uint8_t type, std::uint8_t subtype, std::size_t size) {
    map.users.push_back({std::string(name), type, subtype, offset, size});
    offset += size;
  };
  if (generation == image::Generation::nvs) {
    add(kMfgNvsName, kData, kNvs, c3 ? 0x1F000 : 0x1C000);
  } else {
    std::uint8_t subtype = 1;
    add("ble_data", kUserPartitionType, subtype++, c3 ? 0x6000 : 0x3000);
    for (const std::string_view name :
         {"server_cert", "server_key", "server_ca", "client_cert", "client_key", "client_ca"}) {
      add(name, kUserPartitionType, subtype++, 0x2000);
    }
    add("factory_param", kUserPartitionType, subtype++, 0x1000);
    for (const std::string_view name : {"wpa2_cert", "wpa2_key", "wpa2_ca", "mqtt_cert", "mqtt_key", "mqtt_ca"}) {
      add(name, kUserPartitionType, subtype++, 0x2000);
    }
  }
  offset = c3 ? 0x47000 : 0x70000;
  add("fatfs", kData, kFat, c3 ? 0x19000 : 0x90000);
  return map;
}

}  // namespace atcert::emulator
