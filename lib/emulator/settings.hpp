// SPDX-License-Identifier: Apache-2.0
// What AT commands store in flash while AT+SYSSTORE=1, in the NVS partition "nvs" under the names that the Wi-Fi
// library uses: namespace nvs.net80211 with opmode (u8), sta.ssid (u32 length and 32 bytes) and sta.pswd (65 bytes).
// And what AT+UART_DEF stores whatever AT+SYSSTORE says: namespace UART with rate (i32), databits, stopbits, parity and
// flow_ctrl (i8), in the numbers of ESP-IDF's UART driver (ESP-AT 5.0.1.0, at_uart_api.c).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "emulator/partition_flash.hpp"
#include "emulator/uart.hpp"
#include "image/nvs_format.hpp"

namespace atcert::emulator {

struct StationSettings {
  std::string ssid;
  Secret password;

  StationSettings clone() const { return {ssid, password.clone()}; }
};

class Settings {
 public:
  Settings(FlashMemory& flash, const Partition& partition) : flash_(flash, partition) {}

  std::int32_t wifi_mode() const;
  void store_wifi_mode(std::int32_t mode);
  std::optional<StationSettings> station() const;
  void store_station(const StationSettings& station);
  std::optional<Uart> uart() const;
  void store_uart(const Uart& uart);
  // As AT+RESTORE does.
  void erase();

 private:
  void store(std::string_view space, std::string_view key, image::NvsType type, ByteView value);

  PartitionFlash flash_;
};

}  // namespace atcert::emulator
