// SPDX-License-Identifier: Apache-2.0
// Every offline test of credentials and of the names used with them. Errors stop a job before the port is opened;
// warnings do not.
#pragma once

#include <optional>
#include <string>

#include "credentials/credentials.hpp"
#include "credentials/finding.hpp"
#include "credentials/firmware.hpp"

namespace atcert::credentials {

// What fits one item in a PKI partition of 8 KiB: the bin has a header of 8 bytes, each item one of 4 (image/pki).
inline constexpr std::size_t kLargeSlot = 8192 - 12;
inline constexpr std::size_t kSmallSlot = 4096 - 12;  // ESP8266 1 MB and ESP32-C2 2 MB have partitions of 4 KiB
inline constexpr std::size_t kLargestBlob = 8191;     // AT+SYSMFG, releases from 3.1

struct ModuleLimits {
  std::string name;  // for messages
  std::size_t item_size = kLargeSlot;
  int rsa_bits = 4096;   // 2048 on ESP8266 (MBEDTLS_RSA_BITLEN_2048 in its defaults)
  bool mqtt_tls = true;  // MQTT over TLS
  image::Release release = kNewestFirmware;
};

struct CheckOptions {
  Date now = {};
  std::chrono::days soon{30};  // "expires soon" is within this time
  std::optional<ModuleLimits> module = {};
  // What the credentials are to be used with; not checked when absent.
  std::optional<std::string> endpoint = {};
  std::optional<std::string> client_id = {};
  std::optional<std::string> publish_topic = {};
  std::optional<std::string> subscribe_topic = {};
  bool strict = false;
};

Findings check(const Credentials& credentials, const CheckOptions& options);

// The part that needs no credentials: the endpoint, the client id and the topics.
Findings check_names(const CheckOptions& options);

}  // namespace atcert::credentials
