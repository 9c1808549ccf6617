// SPDX-License-Identifier: Apache-2.0
#include "options/module_limits.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/embedded.hpp"
#include "image/pki.hpp"
#include "image/slot.hpp"

namespace atcert::cli {

Result<credentials::ModuleLimits> limits_of(const image::ImageTarget& target, const std::string& owner) {
  auto limits = credentials::limits_of(target.module ? target.module->chip : "", target.release);
  if (target.module) limits.name = fmt::format("{} {}", target.module->name, to_string(target.release));
  limits.mqtt_tls = limits.mqtt_tls || owner != "mqtt";
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
