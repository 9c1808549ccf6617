// SPDX-License-Identifier: Apache-2.0
// What a module takes of credentials: by its partition table, its chip and its release.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "credentials/firmware.hpp"
#include "image/release.hpp"

namespace atcert::credentials {

// What fits one item in a PKI partition of 8 KiB: the bin has a header of 8 bytes, each item one of 4 (image/pki).
inline constexpr std::size_t kLargeSlot = 8192 - 12;
inline constexpr std::size_t kSmallSlot = 4096 - 12;  // ESP8266 1 MB and ESP32-C2 2 MB have partitions of 4 KiB
inline constexpr std::size_t kLargestBlob = 8191;     // AT+SYSMFG, releases from 3.1

struct ModuleLimits {
  std::string name;  // for messages
  std::size_t item_size = kLargeSlot;
  int rsa_bits = 4096;
  bool mqtt_tls = true;  // MQTT over TLS
  image::Release release = kNewestFirmware;
};

// What follows from the chip ("ESP8266", as AT+GMR and the list of modules have it; empty: not known) and the release.
ModuleLimits limits_of(std::string_view chip, const image::Release& release);

}  // namespace atcert::credentials
