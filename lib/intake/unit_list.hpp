// SPDX-License-Identifier: Apache-2.0
// The list of units to be made, as CSV: a header with the columns serial and creds, or serial, cert, key and ca, in any
// order, and a line a unit. Paths are relative to the folder of the list. Lines are read when they are asked for, so
// that the list costs its own size in memory and no more.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "intake/source.hpp"

namespace atcert::intake {

// One module to be made.
struct Unit {
  std::string serial;    // also the name of its folder
  Source source;         // the CA may be empty: the one of the whole batch
  std::size_t line = 0;  // of the list
};

class UnitList {
 public:
  // Errors: no header, an unknown or missing column, no unit.
  static Result<UnitList> parse(std::string text, std::filesystem::path folder);

  // How many lines there are, at most one unit in each.
  std::size_t size() const { return size_; }

  // The next unit, nothing at the end. Errors concern that line alone: a wrong number of fields, a serial that is
  // empty, given twice (upper and lower case are the same) or no name for a folder, no credentials.
  std::optional<Result<Unit>> next();

  // The next unit is the first one again.
  void rewind();

 private:
  UnitList(std::string text, std::filesystem::path folder) : text_(std::move(text)), folder_(std::move(folder)) {}

  Result<void> read_header();
  // The fields of the next line that has any; empty at the end.
  Result<std::vector<std::string>> next_fields();
  Result<Unit> unit_of(std::vector<std::string> fields);
  std::string path_of(const std::string& file) const;

  std::string text_;
  std::filesystem::path folder_;
  std::vector<std::string> columns_;
  std::unordered_map<std::string, std::string> serials_;  // by themselves in lower case
  std::size_t at_ = 0;
  std::size_t line_ = 0;
  struct {
    std::size_t at;
    std::size_t line;
  } first_{};  // behind the header
  std::size_t size_ = 0;
};

}  // namespace atcert::intake
