// SPDX-License-Identifier: Apache-2.0
// Rows of comma-separated values (RFC 4180), with comment lines (#) and blank lines left out, as ESP-IDF's tools read
// them. A quoted field may hold commas, doubled quotes and line ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atcert::image {

struct CsvRow {
  std::size_t line = 0;  // from 1
  std::vector<std::string> fields;
};

// Errors: a quote that is not closed, a NUL byte.
Result<std::vector<CsvRow>> parse_csv(std::string_view text);

// Without blanks at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace atcert::image
