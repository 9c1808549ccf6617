// SPDX-License-Identifier: Apache-2.0
#include "options/module_limits.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/embedded.hpp"
#include "image/pki.hpp"
#include "image/slot.hpp"

namespace atcert::cli {
namespace {

// ESP8266's RSA is limited by MBEDTLS_RSA_BITLEN_2048 in its sdkconfig.defaults (v2.3.0.0_esp8266).
constexpr int kEsp8266RsaBits = 2048;

// From this release on, its manual lists no scheme with TLS for AT+MQTTUSERCFG (text since commit 8b18b907).
constexpr image::Release kEsp8266WithoutMqttTls{{2, 2, 2, 0}};

}  // namespace

Result<credentials::ModuleLimits> limits_of(const image::ImageTarget& target, const std::string& owner) {
  credentials::ModuleLimits limits;
  limits.release = target.release;
  limits.name = fmt::format("{} {}", target.module ? target.module->name : "firmware", to_string(target.release));
  limits.item_size = credentials::kLargestBlob;
  if (target.module && target.module->chip == "ESP8266") {
    limits.rsa_bits = kEsp8266RsaBits;
    limits.mqtt_tls = owner != "mqtt" || target.release < kEsp8266WithoutMqttTls;
  }
  if (!target.layout || image::generation_of(target.release) == image::Generation::nvs) return limits;
  const std::string name = owner + "_cert";
  const image::Partition* slot = target.layout->find(name);
  if (slot == nullptr) slot = target.layout->find(image::other_slot_name(name));
  if (slot == nullptr) {
    return Error{ErrorKind::input,
                 "no_slot",
                 fmt::format("{} has no partition for {} credentials", limits.name, owner == "mqtt" ? "MQTT" : owner),
                 {},
                 "give a later release with --release, or the partition table of that firmware"};
  }
  limits.item_size = slot->size - std::min<std::size_t>(slot->size, image::kPkiOverhead);
  return limits;
}

Result<credentials::ModuleLimits> module_limits(const std::string& module, const std::string& release) {
  ATCERT_TRY(const image::LayoutCatalogue, catalogue, image::LayoutCatalogue::load(embedded_partitions()));
  ATCERT_TRY(const image::ModuleLayout, found, catalogue.find(module, release));
  return limits_of(image::ImageTarget{found.module, found.release, found.layout});
}

}  // namespace atcert::cli
