// SPDX-License-Identifier: Apache-2.0
#include "image/mfg_values.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "image/gatt_rows.hpp"

namespace atcert::image {
namespace {

using Items = std::vector<const SlotItem*>;

bool has_space(const std::vector<NvsValue>& values, std::string_view space) {
  return std::any_of(values.begin(), values.end(), [&](const NvsValue& each) { return each.space == space; });
}

// A slot with one item has it under its own name, else the items are "<slot>.<number>" (generation_tools/mfg_nvs.py).
std::vector<NvsValue> values_of(const std::string& space, const Items& items) {
  std::vector<NvsValue> values;
  for (const SlotItem* item : items) {
    std::string key = items.size() == 1 ? space : fmt::format("{}.{}", space, item->number);
    values.push_back({space, std::move(key), NvsType::blob, item->content});
  }
  return values;
}

void put_slot(std::vector<NvsValue>& values, const std::string& space, const Items& items) {
  const auto in = [](std::string_view name) { return [name](const NvsValue& each) { return each.space == name; }; };
  auto place = std::find_if(values.begin(), values.end(), in(space));
  if (place == values.end()) place = std::find_if(values.begin(), values.end(), in(kFactoryParamSpace));
  const auto index = place - values.begin();
  std::erase_if(values, in(space));
  std::vector<NvsValue> own = values_of(space, items);
  values.insert(values.begin() + index, std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
}

Items items_of(const std::string& slot, std::span<const SlotItem> items) {
  Items own;
  for (const SlotItem& item : items) {
    if (item.slot == slot || item.slot == other_slot_name(slot)) own.push_back(&item);
  }
  return own;
}

}  // namespace

std::vector<NvsValue> with_items(std::span<const NvsValue> values, std::span<const SlotItem> items,
                                 const Release& release) {
  std::vector<NvsValue> all(values.begin(), values.end());
  for (const std::string& slot : slot_names()) {
    const Items own = items_of(slot, items);
    if (own.empty()) continue;
    std::string space = nvs_slot_name(slot, release);
    if (const std::string other = other_slot_name(space); !has_space(all, space) && has_space(all, other))
      space = other;
    put_slot(all, space, own);
  }
  return all;
}

Result<void> set_params(NvsValues& values, std::span<const FactoryParam> params,
                        const std::map<unsigned, std::string>& gatt_rows) {
  for (const FactoryParam& param : params) {
    ATCERT_TRY(const FactoryParamField*, field, nvs_param_field(param.name));
    ATCERT_TRY(Bytes, value, factory_param_value(param));
    values.set(std::string(kFactoryParamSpace), param.name, field->type, std::move(value));
  }
  for (const auto& [row, text] : gatt_rows) {
    ATCERT_CHECK(check_gatt_row(row));
    values.set(std::string(kGattSpace), gatt_key(std::to_string(row)), NvsType::string, to_bytes(as_bytes(text)));
  }
  return {};
}

}  // namespace atcert::image
