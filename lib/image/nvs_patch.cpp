// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_patch.hpp"

#include <algorithm>
#include <list>

#include <fmt/core.h>

#include "image/factory_patch.hpp"
#include "image/flash.hpp"
#include "image/gatt_rows.hpp"
#include "image/nvs_image.hpp"
#include "image/nvs_store.hpp"

namespace atcert::image {
namespace {

Error nvs_patch_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

// A value with the bytes it refers to.
struct Setting {
  std::string space;
  std::string key;
  NvsType type = NvsType::blob;
  Secret value;
};

bool has_space(const NvsImage& image, std::string_view space) {
  return std::find(image.spaces.begin(), image.spaces.end(), space) != image.spaces.end();
}

// A namespace with one item has it under its own name, else the items are "<namespace>.<number>". `several`: the patch
// has more than one for this slot.
Result<Setting> setting_of(const SlotItem& item, bool several, const NvsImage& image) {
  const std::string other = other_slot_name(item.slot);
  const std::string& space = !has_space(image, item.slot) && has_space(image, other) ? other : item.slot;
  const bool single = image.find(space, space) != nullptr;
  const bool numbered = several || image.find(space, space + ".0") != nullptr;
  if (item.number > 0 && (single || !numbered)) {
    return nvs_patch_error("slot_number",
                           fmt::format("{} holds one item, so there is no number {}", space, item.number),
                           "leave out the number");
  }
  std::string key = numbered && !single ? fmt::format("{}.{}", space, item.number) : space;
  return Setting{space, std::move(key), NvsType::blob, Secret(item.content)};
}

// An integer keeps the size that it has in the image.
Result<Setting> setting_of(const FactoryParam& param, const NvsImage& image) {
  ATCERT_TRY(const FactoryParamField*, field, nvs_param_field(param.name));
  ATCERT_TRY(Bytes, value, factory_param_value(param));
  const NvsItem* present = image.find(kFactoryParamSpace, param.name);
  const NvsType type = present != nullptr ? present->type : field->type;
  const bool negative = integer_size(type) != 0 && (value.back() & 0x80) != 0 && field->least < 0;
  if (integer_size(type) != 0) value.resize(integer_size(type), negative ? 0xFF : 0x00);
  return Setting{std::string(kFactoryParamSpace), param.name, type, Secret(value)};
}

Result<Setting> setting_of(unsigned row, const std::string& text) {
  ATCERT_CHECK(check_gatt_row(row));
  return Setting{std::string(kGattSpace), gatt_key(std::to_string(row)), NvsType::string, Secret(text)};
}

Result<std::vector<Setting>> settings_of(const FactoryPatch& patch, const NvsImage& image) {
  std::vector<Setting> settings;
  for (const SlotItem& item : patch.items) {
    const auto same = [&](const SlotItem& other) { return other.slot == item.slot; };
    const bool several = std::count_if(patch.items.begin(), patch.items.end(), same) > 1;
    ATCERT_TRY(Setting, setting, setting_of(item, several, image));
    settings.push_back(std::move(setting));
  }
  for (const FactoryParam& param : patch.params) {
    ATCERT_TRY(Setting, setting, setting_of(param, image));
    settings.push_back(std::move(setting));
  }
  for (const auto& [row, text] : patch.gatt_rows) {
    ATCERT_TRY(Setting, setting, setting_of(row, text));
    settings.push_back(std::move(setting));
  }
  return settings;
}

Result<Secret> update_in_place(ByteView partition, const std::vector<Setting>& settings) {
  Secret bytes(partition);
  MemoryFlash flash(bytes.writable());
  ATCERT_TRY(NvsStore, store, NvsStore::open(flash));
  for (const Setting& setting : settings) {
    ATCERT_CHECK(store.set(setting.space, setting.key, setting.type, setting.value.reveal()));
  }
  return bytes;
}

// All values of the image by namespace, the new ones in the places of the old.
std::list<Setting> merged(const NvsImage& image, std::vector<Setting> settings) {
  std::list<Setting> all;
  for (const std::string& space : image.spaces) {
    all.push_back({space, {}, NvsType::u8, {}});
    for (const NvsItem& item : image.items) {
      if (item.space == space) all.push_back({space, item.key, item.type, item.value()});
    }
  }
  for (Setting& setting : settings) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const Setting& each) {
      return each.space == setting.space && each.key == setting.key;
    });
    const auto last =
        std::find_if(all.rbegin(), all.rend(), [&](const Setting& each) { return each.space == setting.space; });
    if (same != all.end()) {
      *same = std::move(setting);
    } else {
      all.insert(last == all.rend() ? all.end() : last.base(), std::move(setting));
    }
  }
  return all;
}

Result<Secret> write_anew(const NvsImage& image, std::vector<Setting> settings, std::size_t size, NvsStyle style) {
  const std::list<Setting> all = merged(image, std::move(settings));
  std::vector<NvsValue> values;
  for (const Setting& each : all) values.push_back({each.space, each.key, each.type, each.value.reveal()});
  return generate_nvs(values, size, style);
}

}  // namespace

Result<Secret> patch_nvs(ByteView partition, const FactoryPatch& patch) {
  const NvsImage image = read_nvs(partition);
  const auto fault = std::find_if(image.faults.begin(), image.faults.end(),
                                  [](const Fault& each) { return each.level == FaultLevel::error; });
  if (fault != image.faults.end()) {
    return nvs_patch_error("nvs_damaged", fmt::format("offset 0x{:X}: {}", fault->offset, fault->what),
                           "flash a partition made by atcert build over it");
  }
  ATCERT_TRY(std::vector<Setting>, settings, settings_of(patch, image));
  if (settings.empty()) return Secret(partition);
  if (patch.nvs_update == NvsUpdate::in_place) return update_in_place(partition, settings);
  const NvsStyle style = patch.nvs_update == NvsUpdate::old_style ? NvsStyle::old_style : NvsStyle::new_style;
  return write_anew(image, std::move(settings), partition.size(), style);
}

}  // namespace atcert::image
