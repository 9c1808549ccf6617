// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_csv.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/plural.hpp"
#include "image/csv.hpp"
#include "image/nvs_encoding.hpp"

namespace atcert::image {
namespace {

constexpr std::array<std::string_view, 4> kColumns{"key", "type", "encoding", "value"};

Error row_error(std::size_t line, std::string what, std::string remedy) {
  return {ErrorKind::input, "nvs_csv", fmt::format("line {}: {}", line, what), {}, std::move(remedy)};
}

// A row by the names of its columns; the header may have them in any order.
struct Row {
  std::size_t line = 0;
  std::array<std::string_view, kColumns.size()> fields;

  std::string_view key() const { return fields[0]; }
  std::string_view type() const { return fields[1]; }
  std::string_view encoding() const { return fields[2]; }
  std::string_view value() const { return fields[3]; }
};

class NvsCsv {
 public:
  explicit NvsCsv(const ReadNvsFile& read_file) : read_file_(read_file) {}

  Result<NvsValues> read(const std::vector<CsvRow>& rows) && {
    ATCERT_CHECK(read_header(rows));
    for (std::size_t i = 1; i < rows.size(); ++i) {
      ATCERT_TRY(const Row, row, by_column(rows[i]));
      ATCERT_CHECK(read_row(row));
    }
    return std::move(values_);
  }

 private:
  Result<void> read_header(const std::vector<CsvRow>& rows) {
    if (rows.empty()) return row_error(1, "the CSV is empty", "begin it with key,type,encoding,value");
    const auto& names = rows[0].fields;
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      const auto place = std::find(names.begin(), names.end(), kColumns[i]);
      if (place == names.end()) {
        return row_error(rows[0].line, fmt::format("the header has no column '{}'", kColumns[i]),
                         "begin the CSV with key,type,encoding,value");
      }
      columns_[i] = static_cast<std::size_t>(place - names.begin());
    }
    return {};
  }

  Result<Row> by_column(const CsvRow& fields) const {
    Row row{fields.line, {}};
    if (fields.fields.size() > kColumns.size()) {
      return row_error(row.line, counted(fields.fields.size(), "field"), "put quotes around a value with commas");
    }
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      if (columns_[i] < fields.fields.size()) row.fields[i] = fields.fields[columns_[i]];
    }
    return row;
  }

  Result<void> read_row(const Row& row) {
    if (row.type() == "namespace") {
      space_ = row.key();
      return add(row, {}, NvsType::u8, Secret());
    }
    if (row.type() != "data" && row.type() != "file") {
      return row_error(row.line, fmt::format("unknown type '{}'", excerpt(row.type())), "use namespace, data or file");
    }
    if (space_.empty() || row.key().empty()) {
      return row_error(row.line, "a value without a key or before the first namespace",
                       "name the namespace in a row of its own: name,namespace,,");
    }
    const auto type = nvs_type_of_encoding(row.encoding());
    if (!type) {
      return row_error(row.line, fmt::format("unknown encoding '{}'", excerpt(row.encoding())),
                       "use u8 to i64, string, binary, hex2bin or base64");
    }
    ATCERT_TRY(Secret, content, content_of(row));
    return add(row, std::string(row.key()), *type, std::move(content));
  }

  Result<void> add(const Row& row, std::string key, NvsType type, Secret content) {
    if (!key.empty() && !keys_.emplace(space_, key).second) {
      return row_error(row.line, fmt::format("NVS key {}/{} is given twice", excerpt(space_), excerpt(key)),
                       "keep one of them");
    }
    values_.add(space_, std::move(key), type, std::move(content));
    const auto good = check_nvs_value(values_.values.back());
    if (good) return {};
    return row_error(row.line, good.error().what, good.error().remedy);
  }

  Result<Secret> content_of(const Row& row) const {
    Secret text(row.value());
    if (row.type() == "file" && row.value().find("-----BEGIN") != std::string_view::npos) {
      return row_error(row.line, fmt::format("the value of '{}' is PEM, not the path of a file", excerpt(row.key())),
                       "give it the type data, or the path of a file");
    }
    if (row.type() == "file") {
      auto file = read_file_(std::string(row.value()));
      if (!file) return row_error(row.line, file.error().what, file.error().remedy);
      text = std::move(*file);
    }
    if (auto content = decode_nvs_text(row.encoding(), text.reveal_text())) return std::move(*content);
    return row_error(row.line, fmt::format("the value of '{}' is no {}", excerpt(row.key()), row.encoding()),
                     "correct the value or its encoding");
  }

  const ReadNvsFile& read_file_;
  std::array<std::size_t, kColumns.size()> columns_{};
  std::string space_;
  std::set<std::pair<std::string, std::string>> keys_;  // namespace, key
  NvsValues values_;
};

}  // namespace

void NvsValues::add(std::string space, std::string key, NvsType type, Secret content) {
  bytes.push_back(std::move(content));
  values.push_back({std::move(space), std::move(key), type, bytes.back().reveal()});
}

void NvsValues::set(std::string space, std::string key, NvsType type, Bytes content) {
  plain.push_back(std::move(content));
  const auto same = std::find_if(values.begin(), values.end(),
                                 [&](const NvsValue& each) { return each.space == space && each.key == key; });
  const auto last =
      std::find_if(values.rbegin(), values.rend(), [&](const NvsValue& each) { return each.space == space; });
  const auto behind = last == values.rend() ? values.end() : last.base();
  NvsValue value{std::move(space), std::move(key), type, plain.back()};
  if (same != values.end()) {
    *same = std::move(value);
  } else {
    values.insert(behind, std::move(value));
  }
}

Result<NvsValues> parse_nvs_csv(std::string_view text, const ReadNvsFile& read_file) {
  ATCERT_TRY(const std::vector<CsvRow>, rows, parse_csv(text));
  return NvsCsv(read_file).read(rows);
}

}  // namespace atcert::image
