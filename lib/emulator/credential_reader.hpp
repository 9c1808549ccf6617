// SPDX-License-Identifier: Apache-2.0
// The module's own credentials, as the MQTT commands read them from flash at every connect: from mfg_nvs if that is
// there, else from the raw-data partitions.
#pragma once

#include <optional>
#include <string_view>

#include "base/secret.hpp"
#include "emulator/board.hpp"

namespace atcert::emulator {

enum class StoredItem { good, missing, damaged };

struct Credential {
  StoredItem state = StoredItem::missing;
  Secret content;
};

// `slot`: "mqtt_ca", "mqtt_cert" or "mqtt_key", or with an index "client_ca", "client_cert" or "client_key", which have
// several items.
Credential read_credential(const Board& board, std::string_view slot, std::optional<unsigned> index = std::nullopt);

}  // namespace atcert::emulator
