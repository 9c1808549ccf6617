// SPDX-License-Identifier: Apache-2.0
// What ESP-AT's own build writes into mfg_nvs of a module besides certificates and keys: its factory parameters and,
// where the firmware has BLE commands, its GATT services (generation_tools/mfg_nvs.py of components/
// customized_partitions). The data of partitions/, compiled in or handed in:
//
//   factory_params.csv      module, the value of each key, ble_since
//   factory_param_keys.csv  key, encoding, since: in the order of the image
//   gatt_rows.csv           since, row
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.hpp"
#include "base/result.hpp"
#include "image/csv.hpp"
#include "image/nvs_csv.hpp"
#include "image/release.hpp"

namespace atcert::image {

class StockValues {
 public:
  // A file of the same name as an earlier one replaces it. Errors name file and line.
  static Result<StockValues> load(std::span<const EmbeddedFile> files);

  // For a module by its name in modules.csv; nothing where Espressif's sources have no parameters of it. Errors: a
  // value in the data that does not fit its encoding.
  Result<std::optional<NvsValues>> find(std::string_view module, const Release& release) const;

 private:
  struct Key {
    std::string name;
    std::string encoding;
    Release since;
  };
  struct ModuleParams {
    std::size_t line = 0;
    std::string module;
    std::vector<std::string> values;  // one a key
    std::optional<Release> ble_since;
  };
  struct GattRow {
    Release since;
    std::string key;
    std::string text;
  };

  Result<void> load_keys(std::string_view text);
  Result<void> load_params(std::string_view text);
  Result<void> load_gatt_rows(std::string_view text);
  Result<ModuleParams> params_of(const CsvRow& columns, const CsvRow& row) const;
  Result<void> add_params(NvsValues& values, const ModuleParams& params, const Release& release) const;

  std::vector<Key> keys_;
  std::vector<ModuleParams> modules_;
  std::vector<GattRow> gatt_rows_;
};

}  // namespace atcert::image
