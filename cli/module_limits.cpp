// SPDX-License-Identifier: Apache-2.0
#include "module_limits.hpp"

#include <fmt/core.h>

#include "base/embedded.hpp"
#include "image/layout.hpp"
#include "image/pki.hpp"

namespace atcert::cli {
namespace {

// ESP8266's RSA is limited by MBEDTLS_RSA_BITLEN_2048 in its sdkconfig.defaults (v2.3.0.0_esp8266).
constexpr int kEsp8266RsaBits = 2048;

}  // namespace

Result<credentials::ModuleLimits> module_limits(const std::string& module, const std::string& release) {
  ATCERT_TRY(const image::LayoutCatalogue, catalogue, image::LayoutCatalogue::load(embedded_partitions()));
  ATCERT_TRY(const image::ModuleLayout, found, catalogue.find(module, release));
  credentials::ModuleLimits limits;
  limits.name = fmt::format("{} {}", found.module.name, image::to_string(found.release));
  limits.item_size = credentials::kLargestBlob;
  if (image::generation_of(found.release) == image::Generation::pki) {
    const image::Partition* slot = found.layout.find("mqtt_cert");
    if (slot == nullptr) {
      return Error{ErrorKind::input,
                   "no_slot",
                   fmt::format("{} has no place for MQTT credentials", limits.name),
                   {},
                   "give a later release with --release"};
    }
    limits.item_size = slot->size - image::kPkiHeaderSize - image::kPkiItemHeaderSize;
  }
  if (found.module.chip == "ESP8266") limits.rsa_bits = kEsp8266RsaBits;
  return limits;
}

}  // namespace atcert::cli
