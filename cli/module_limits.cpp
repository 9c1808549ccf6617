// SPDX-License-Identifier: Apache-2.0
#include "module_limits.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/embedded.hpp"
#include "image/pki.hpp"
#include "image/slot.hpp"

namespace atcert::cli {
namespace {

// ESP8266's RSA is limited by MBEDTLS_RSA_BITLEN_2048 in its sdkconfig.defaults (v2.3.0.0_esp8266).
constexpr int kEsp8266RsaBits = 2048;

}  // namespace

Result<credentials::ModuleLimits> limits_of(const image::ModuleLayout& module, const std::string& owner) {
  credentials::ModuleLimits limits;
  limits.name = fmt::format("{} {}", module.module.name, image::to_string(module.release));
  limits.item_size = credentials::kLargestBlob;
  if (module.module.chip == "ESP8266") limits.rsa_bits = kEsp8266RsaBits;
  if (image::generation_of(module.release) == image::Generation::nvs) return limits;
  const std::string name = owner + "_cert";
  const image::Partition* slot = module.layout.find(name);
  if (slot == nullptr) slot = module.layout.find(image::other_slot_name(name));
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
  return limits_of(found);
}

}  // namespace atcert::cli
