// SPDX-License-Identifier: Apache-2.0
#include "credentials/module_limits.hpp"

#include <fmt/core.h>

namespace atcert::credentials {
namespace {

// ESP8266's RSA is limited by MBEDTLS_RSA_BITLEN_2048 in its sdkconfig.defaults (v2.3.0.0_esp8266).
constexpr int kEsp8266RsaBits = 2048;

// From this release on, its manual lists no scheme with TLS for AT+MQTTUSERCFG (text since commit 8b18b907).
constexpr image::Release kEsp8266WithoutMqttTls{{2, 2, 2, 0}};

}  // namespace

ModuleLimits limits_of(std::string_view chip, const image::Release& release) {
  ModuleLimits limits;
  limits.name = fmt::format("{} {}", chip.empty() ? "firmware" : chip, to_string(release));
  limits.item_size = kLargestBlob;
  limits.release = release;
  if (chip == "ESP8266") {
    limits.rsa_bits = kEsp8266RsaBits;
    limits.mqtt_tls = release < kEsp8266WithoutMqttTls;
  }
  return limits;
}

}  // namespace atcert::credentials
