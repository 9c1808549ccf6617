// SPDX-License-Identifier: Apache-2.0
// The values of a whole mfg_nvs put together: what the module is to hold in any case (stock_values.hpp, or a CSV), with
// items of slots, factory parameters and GATT rows put into it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "image/factory_param.hpp"
#include "image/nvs_csv.hpp"
#include "image/slot.hpp"

namespace atcert::image {

// Each slot that has items here loses those it has in `values`. A slot that is not there yet comes where ESP-AT's build
// has it: before factory_param, in the order of slot_names(). The result refers to the bytes of both.
std::vector<NvsValue> with_items(std::span<const NvsValue> values, std::span<const SlotItem> items,
                                 const Release& release);

// Errors: an unknown parameter or one that mfg_nvs does not have, a bad value, a GATT row above the last.
Result<void> set_params(NvsValues& values, std::span<const FactoryParam> params,
                        const std::map<unsigned, std::string>& gatt_rows);

}  // namespace atcert::image
