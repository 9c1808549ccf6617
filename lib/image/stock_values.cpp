// SPDX-License-Identifier: Apache-2.0
#include "image/stock_values.hpp"

#include <algorithm>
#include <functional>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/plural.hpp"
#include "image/csv.hpp"
#include "image/factory_param.hpp"
#include "image/gatt_rows.hpp"
#include "image/nvs_encoding.hpp"

namespace atcert::image {
namespace {

constexpr std::string_view kParams = "factory_params.csv";
constexpr std::string_view kKeys = "factory_param_keys.csv";
constexpr std::string_view kGattRows = "gatt_rows.csv";

Error data_error(std::string what) {
  return {ErrorKind::input, "layout_data", std::move(what), {}, "correct the layout data"};
}

Error in_line(std::string_view file, std::size_t line, std::string_view what) {
  return data_error(fmt::format("{}:{}: {}", file, line, what));
}

// Hands each row behind the header to `take`; errors get file and line put before them.
Result<void> for_each_row(std::string_view file, std::string_view text, std::size_t field_count,
                          const std::function<Result<void>(const CsvRow& header, const CsvRow& row)>& take) {
  auto rows = parse_csv(text);
  if (!rows) return data_error(fmt::format("{}: {}", file, rows.error().what));
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    if (row.fields.size() != rows->front().fields.size() || row.fields.size() < field_count) {
      return in_line(file, row.line, counted(row.fields.size(), "field"));
    }
    if (const auto taken = take(rows->front(), row); !taken) return in_line(file, row.line, taken.error().what);
  }
  return {};
}

}  // namespace

Result<StockValues> StockValues::load(std::span<const EmbeddedFile> files) {
  const auto text_of = [&](std::string_view name) {
    const auto last = std::find_if(files.rbegin(), files.rend(), [&](const auto& file) { return file.name == name; });
    return last == files.rend() ? std::string_view() : last->content;
  };
  StockValues values;
  ATCERT_CHECK(values.load_keys(text_of(kKeys)));
  ATCERT_CHECK(values.load_params(text_of(kParams)));
  ATCERT_CHECK(values.load_gatt_rows(text_of(kGattRows)));
  return values;
}

Result<void> StockValues::load_keys(std::string_view text) {
  return for_each_row(kKeys, text, 3, [this](const CsvRow&, const CsvRow& row) -> Result<void> {
    ATCERT_TRY(const Release, since, parse_release(row.fields[2]));
    if (!nvs_type_of_encoding(row.fields[1]))
      return data_error(fmt::format("unknown encoding '{}'", excerpt(row.fields[1])));
    keys_.push_back({row.fields[0], row.fields[1], since});
    return {};
  });
}

Result<void> StockValues::load_params(std::string_view text) {
  return for_each_row(kParams, text, keys_.size() + 2, [this](const CsvRow& header, const CsvRow& row) -> Result<void> {
    ATCERT_TRY(ModuleParams, params, params_of(header, row));
    modules_.push_back(std::move(params));
    return {};
  });
}

Result<StockValues::ModuleParams> StockValues::params_of(const CsvRow& columns, const CsvRow& row) const {
  ModuleParams params{row.line, row.fields.front(), {}, {}};
  if (!row.fields.back().empty()) {
    ATCERT_TRY(const Release, since, parse_release(row.fields.back()));
    params.ble_since = since;
  }
  for (const Key& key : keys_) {
    const auto column = std::find(columns.fields.begin(), columns.fields.end(), key.name);
    if (column == columns.fields.end()) return data_error(fmt::format("the header has no column '{}'", key.name));
    params.values.push_back(row.fields[static_cast<std::size_t>(column - columns.fields.begin())]);
  }
  return params;
}

// Rows are numbered by their first field, as the keys of ble_data are.
Result<void> StockValues::load_gatt_rows(std::string_view text) {
  return for_each_row(kGattRows, text, 2, [this](const CsvRow&, const CsvRow& row) -> Result<void> {
    ATCERT_TRY(const Release, since, parse_release(row.fields[0]));
    gatt_rows_.push_back({since, gatt_key(row.fields[1].substr(0, row.fields[1].find(','))), row.fields[1]});
    return {};
  });
}

Result<void> StockValues::add_params(NvsValues& values, const ModuleParams& params, const Release& release) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Key& key = keys_[i];
    if (release < key.since) continue;
    const auto content = decode_nvs_text(key.encoding, params.values[i]);
    if (!content) {
      return in_line(kParams, params.line, fmt::format("the value of '{}' is no {}", key.name, key.encoding));
    }
    values.set(std::string(kFactoryParamSpace), key.name, *nvs_type_of_encoding(key.encoding),
               to_bytes(content->reveal()));
  }
  return {};
}

Result<std::optional<NvsValues>> StockValues::find(std::string_view module, const Release& release) const {
  const auto params =
      std::find_if(modules_.begin(), modules_.end(), [&](const ModuleParams& each) { return each.module == module; });
  if (params == modules_.end()) return std::optional<NvsValues>();
  NvsValues values;
  ATCERT_CHECK(add_params(values, *params, release));
  if (!params->ble_since || release < *params->ble_since) return std::optional(std::move(values));
  for (const GattRow& row : gatt_rows_) {
    if (release >= row.since) {
      values.set(std::string(kGattSpace), row.key, NvsType::string, to_bytes(as_bytes(row.text)));
    }
  }
  return std::optional(std::move(values));
}

}  // namespace atcert::image
