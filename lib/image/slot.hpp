// SPDX-License-Identifier: Apache-2.0
// Slots: where items of credentials live, a raw partition up to release 3.0 and a namespace of mfg_nvs from 3.1. A slot
// is called by its owner and what it holds: "mqtt_cert", "client_ca" (ESP-AT, raw_data/ of components/
// customized_partitions and at_customized_config_dependency.txt beside it).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/pki.hpp"
#include "image/release.hpp"

namespace atcert::image {

// One item of a slot: a PEM certificate or key. Slots with several items number them from 0.
struct SlotItem {
  std::string slot;
  std::size_t number = 0;
  ByteView content;
};

// Owners of slots, in the order in which ESP-AT's build fills mfg_nvs: "server", "client"...
std::span<const std::string_view> slot_owners();
// All slots, in that order.
std::vector<std::string> slot_names();

// Errors: no such owner or slot, with the nearest names.
Result<void> check_slot_owner(std::string_view owner);
Result<PkiType> type_of_slot(std::string_view slot);
// Firmware before 4.1 knows no slots for HTTPS and WebSocket.
Result<void> check_nvs_slot(std::string_view slot, const Release& release);

// "wpa2_ca" for "wpa_ent_ca" and the other way round: the name changed after release 5.0. Other names as they are.
std::string other_slot_name(std::string_view slot);
// The name of the slot in mfg_nvs of that release.
std::string nvs_slot_name(std::string_view slot, const Release& release);

}  // namespace atcert::image
