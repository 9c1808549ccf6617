// SPDX-License-Identifier: Apache-2.0
#include "image/slot.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "image/edit_distance.hpp"

namespace atcert::image {
namespace {

constexpr std::string_view kOldEap = "wpa2";
constexpr std::string_view kNewEap = "wpa_ent";
constexpr std::array<std::string_view, 6> kOwners{"server", "client", kNewEap, "mqtt", "https", "wss"};

// The build fills certificates first, then keys, then CAs.
constexpr struct {
  std::string_view name;
  PkiType type;
} kKinds[] = {{"cert", PkiType::certificate}, {"key", PkiType::key}, {"ca", PkiType::ca}};

constexpr Release kFirstWithHttps{{4, 1, 0, 0}};
constexpr Release kFirstNewEap{{5, 1, 0, 0}};  // every release up to 5.0.1.0 says wpa2

std::string_view owner_of(std::string_view slot) {
  return slot.substr(0, slot.rfind('_'));
}

bool is_owner(std::string_view owner) {
  return owner == kOldEap || std::find(kOwners.begin(), kOwners.end(), owner) != kOwners.end();
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Error unknown(std::string_view kind, std::string_view name, const std::vector<std::string>& names) {
  const auto nearest = nearest_names(name, names);
  return {ErrorKind::usage,
          "slot_unknown",
          fmt::format("there is no {} '{}'", kind, name),
          {},
          nearest.empty() ? "use one of " + joined(names) : fmt::format("did you mean {}?", joined(nearest))};
}

}  // namespace

std::span<const std::string_view> slot_owners() {
  return kOwners;
}

std::vector<std::string> slot_names() {
  std::vector<std::string> names;
  for (const std::string_view owner : kOwners) {
    for (const auto& kind : kKinds) names.push_back(fmt::format("{}_{}", owner, kind.name));
  }
  return names;
}

Result<void> check_slot_owner(std::string_view owner) {
  if (is_owner(owner)) return {};
  return unknown("slot", owner, {kOwners.begin(), kOwners.end()});
}

Result<PkiType> type_of_slot(std::string_view slot) {
  for (const auto& kind : kKinds) {
    const std::string_view owner = owner_of(slot);
    if (is_owner(owner) && slot.substr(owner.size()) == fmt::format("_{}", kind.name)) return kind.type;
  }
  return unknown("slot", slot, slot_names());
}

Result<void> check_nvs_slot(std::string_view slot, const Release& release) {
  const std::string_view owner = owner_of(slot);
  if ((owner != "https" && owner != "wss") || release >= kFirstWithHttps) return {};
  return Error{ErrorKind::input, "slot_missing", fmt::format("release {} has no slot {}", to_string(release), slot),
               "ESP-AT has slots for HTTPS and WebSocket from release 4.1 on",
               "leave it out, or choose a later release"};
}

std::string other_slot_name(std::string_view slot) {
  const std::string_view owner = owner_of(slot);
  const std::string_view kind = slot.substr(owner.size());
  if (owner == kOldEap) return fmt::format("{}{}", kNewEap, kind);
  if (owner == kNewEap) return fmt::format("{}{}", kOldEap, kind);
  return std::string(slot);
}

std::string nvs_slot_name(std::string_view slot, const Release& release) {
  const bool is_other = owner_of(slot) == (release < kFirstNewEap ? kNewEap : kOldEap);
  return is_other ? other_slot_name(slot) : std::string(slot);
}

}  // namespace atcert::image
