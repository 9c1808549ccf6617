// SPDX-License-Identifier: Apache-2.0
#include "docs/shown.hpp"

#include <cctype>
#include <sstream>

namespace atcert::test {
namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// Runs of digits (hexadecimal ones behind 0x too) as one #, runs of blanks as one blank, and no duration at the end.
std::string without_numbers(const std::string& line) {
  std::string result;
  bool hexadecimal = false;
  for (const char c : line) {
    const bool number = is_digit(c) || (hexadecimal && std::isxdigit(static_cast<unsigned char>(c)) != 0);
    if (number && !result.empty() && result.back() == '#') continue;
    if (c == ' ' && !result.empty() && result.back() == ' ') continue;
    hexadecimal = (c == 'x' && !result.empty() && result.back() == '#') || (hexadecimal && number);
    result += number ? '#' : c;
  }
  while (result.ends_with(' ') || result.ends_with('\r')) result.pop_back();
  // A quick step has no duration.
  for (const std::string duration : {", #.# s", " #.# s"}) {
    if (result.ends_with(duration)) return result.substr(0, result.size() - duration.size());
  }
  return result;
}

}  // namespace

std::string missing_line(const std::string& shown, const std::string& said) {
  std::istringstream wanted(shown);
  std::istringstream lines(said);
  for (std::string line; std::getline(wanted, line);) {
    if (line == "..." || line.empty()) continue;
    const std::string form = without_numbers(line);
    bool found = false;
    for (std::string candidate; !found && std::getline(lines, candidate);) found = without_numbers(candidate) == form;
    if (!found) return line;
  }
  return {};
}

}  // namespace atcert::test
