// SPDX-License-Identifier: Apache-2.0
// The GATT services of a module as mfg_nvs keeps them from release 3.1 on: a row of gatts_data.csv under each of the
// keys cfg0 to cfg30 of the namespace ble_data (tools/at.py and generation_tools/mfg_nvs.py of ESP-AT).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace atcert::image {

inline constexpr std::string_view kGattSpace = "ble_data";

std::string gatt_key(std::string_view row);

// An error for a row above the last.
Result<void> check_gatt_row(unsigned row);

}  // namespace atcert::image
