// SPDX-License-Identifier: Apache-2.0
#include "intake/unit_list.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/plural.hpp"
#include "image/csv.hpp"
#include "intake/serial.hpp"

namespace atcert::intake {
namespace {

constexpr std::array<std::string_view, 5> kColumns{"serial", "creds", "cert", "key", "ca"};

Error list_error(std::size_t line, std::string what, std::string remedy) {
  return {ErrorKind::input, "unit_list", fmt::format("line {}: {}", line, what), {}, std::move(remedy)};
}

bool holds_pem(std::string_view field) {
  return field.find("-----BEGIN") != std::string_view::npos;
}

bool has(const std::vector<std::string>& columns, std::string_view name) {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

}  // namespace

Result<UnitList> UnitList::parse(std::string text, std::filesystem::path folder) {
  UnitList list(std::move(text), std::move(folder));
  ATCERT_CHECK(list.read_header());
  const auto rest = std::string_view(list.text_).substr(list.at_);
  const bool open_end = !rest.empty() && rest.back() != '\n';
  list.size_ = static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '\n')) + (open_end ? 1 : 0);
  if (list.size_ == 0) return list_error(list.line_, "no unit follows the header", "add a line for each unit");
  list.first_ = {list.at_, list.line_};
  return list;
}

void UnitList::rewind() {
  at_ = first_.at;
  line_ = first_.line;
  serials_.clear();
}

Result<void> UnitList::read_header() {
  ATCERT_TRY(std::vector<std::string>, columns, next_fields());
  columns_ = std::move(columns);
  const std::string remedy = "begin with the header serial,creds or serial,cert,key,ca";
  for (const std::string& column : columns_) {
    if (std::find(kColumns.begin(), kColumns.end(), column) == kColumns.end()) {
      return list_error(line_, fmt::format("there is no column '{}'", excerpt(column)), remedy);
    }
    if (std::count(columns_.begin(), columns_.end(), column) > 1) {
      return list_error(line_, fmt::format("column {} is there twice", column), remedy);
    }
  }
  if (has(columns_, "serial") && (has(columns_, "creds") || (has(columns_, "cert") && has(columns_, "key")))) return {};
  return list_error(line_, "columns are missing", remedy);
}

std::optional<Result<Unit>> UnitList::next() {
  auto fields = next_fields();
  if (!fields) return Result<Unit>(std::move(fields).error());
  if (fields->empty()) return std::nullopt;
  return unit_of(std::move(*fields));
}

Result<std::vector<std::string>> UnitList::next_fields() {
  while (at_ < text_.size()) {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view line = std::string_view(text_).substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    ++line_;
    auto rows = image::parse_csv(line);
    if (!rows) return list_error(line_, rows.error().what, "write a unit in one line, quotes in pairs");
    if (rows->empty()) continue;
    std::vector<std::string> fields;
    for (const std::string& field : rows->front().fields) fields.emplace_back(image::trimmed(field));
    return fields;
  }
  return std::vector<std::string>();
}

Result<Unit> UnitList::unit_of(std::vector<std::string> fields) {
  if (fields.size() != columns_.size()) {
    return list_error(line_, fmt::format("{}, the header has {}", counted(fields.size(), "field"), columns_.size()),
                      "give every field, empty ones too");
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!holds_pem(fields[i])) continue;
    return list_error(line_, fmt::format("column {} holds PEM", columns_[i]), "give the path of a file in its place");
  }
  Unit unit;
  unit.line = line_;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string& column = columns_[i];
    if (column == "serial") unit.serial = fields[i];
    if (column == "creds") unit.source.folder = path_of(fields[i]);
    if (column == "cert") unit.source.certificate = path_of(fields[i]);
    if (column == "key") unit.source.key = path_of(fields[i]);
    if (column == "ca") unit.source.ca = path_of(fields[i]);
  }
  if (const std::string fault = serial_fault(unit.serial); !fault.empty()) {
    return list_error(line_, fmt::format("'{}' is no serial that can name a folder", excerpt(unit.serial)), fault);
  }
  const auto [known, is_new] = serials_.emplace(folded(unit.serial), unit.serial);
  if (!is_new && known->second == unit.serial) {
    return list_error(line_, fmt::format("serial {} is there twice", unit.serial),
                      "give every unit a serial of its own");
  }
  if (!is_new) {
    return list_error(
        line_, fmt::format("serial {} differs from {} by upper and lower case alone", unit.serial, known->second),
        "give every unit a serial of its own: on some systems these name one folder");
  }
  if (unit.source.folder.empty() && (unit.source.certificate.empty() || unit.source.key.empty())) {
    return list_error(line_, fmt::format("unit {} has no credentials", unit.serial), "give creds, or cert and key");
  }
  return unit;
}

std::string UnitList::path_of(const std::string& file) const {
  return file.empty() ? file : (folder_ / file).string();
}

}  // namespace atcert::intake
