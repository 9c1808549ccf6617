// SPDX-License-Identifier: Apache-2.0
#include "image/csv.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace atcert::image {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Error csv_error(std::size_t line, std::string_view what, std::string remedy) {
  return {ErrorKind::input, "csv_malformed", fmt::format("line {}: {}", line, what), {}, std::move(remedy)};
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  }

  Result<std::vector<CsvRow>> parse() {
    if (const std::size_t nul = rest_.find('\0'); nul != std::string_view::npos) {
      const std::string_view before = rest_.substr(0, nul);
      const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
      return csv_error(lines + 1, "a NUL byte", "give a text file");
    }
    std::vector<CsvRow> rows;
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      if (rest_.front() == '#' || trimmed(rest_.substr(0, end)).empty()) {
        skip_line();
        continue;
      }
      CsvRow row{line_, {}};
      ATCERT_CHECK(read_row(row));
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  void skip_line() {
    rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size() - 1) + 1);
    ++line_;
  }

  // Takes the row and its line end.
  Result<void> read_row(CsvRow& row) {
    for (;;) {
      ATCERT_TRY(std::string, field, !rest_.empty() && rest_.front() == '"' ? read_quoted() : read_plain());
      row.fields.push_back(std::move(field));
      if (rest_.empty()) return {};
      const bool more = rest_.front() == ',';
      if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
      if (!more) ++line_;
      rest_.remove_prefix(1);
      if (!more) return {};
    }
  }

  Result<std::string> read_plain() {
    std::size_t end = std::min(rest_.find_first_of(",\n"), rest_.size());
    if (end > 0 && end < rest_.size() && rest_[end] == '\n' && rest_[end - 1] == '\r') --end;
    std::string field(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return field;
  }

  Result<std::string> read_quoted() {
    const std::size_t first_line = line_;
    std::string field;
    rest_.remove_prefix(1);
    for (;;) {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) return csv_error(first_line, "a quote that is not closed", "close it");
      field += rest_.substr(0, quote);
      rest_.remove_prefix(quote + 1);
      if (!rest_.starts_with('"')) break;
      field += '"';
      rest_.remove_prefix(1);
    }
    line_ += static_cast<std::size_t>(std::count(field.begin(), field.end(), '\n'));
    ATCERT_TRY(const std::string, tail, read_plain());
    return field + tail;
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

}  // namespace

Result<std::vector<CsvRow>> parse_csv(std::string_view text) {
  return Parser(text).parse();
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace atcert::image
