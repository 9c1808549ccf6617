// SPDX-License-Identifier: Apache-2.0
#include "support/leaks.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <sstream>
#include <string_view>

#include <fmt/core.h>

namespace atcert::test {
namespace {

std::string without_separators(const std::string& text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept),
               [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '/'; });
  return kept;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string base64_of(const std::string& pem) {
  std::istringstream lines(pem);
  std::string base64;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("-----")) base64 += line;
  }
  return base64;
}

std::string hex_of(const std::string& text) {
  std::string hex;
  for (const char c : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

bool gives_away(const std::string& text, const std::string& secret, std::size_t length) {
  const std::string seen = without_separators(text);
  const std::string hidden = without_separators(secret);
  std::set<std::string_view> pieces;
  for (std::size_t i = 0; i + length <= hidden.size(); ++i) pieces.insert(std::string_view(hidden).substr(i, length));
  for (std::size_t i = 0; i + length <= seen.size(); ++i) {
    if (pieces.contains(std::string_view(seen).substr(i, length))) return true;
  }
  return false;
}

bool gives_away_key(const std::string& text, const std::string& pem) {
  return gives_away(text, base64_of(pem)) || gives_away(lower(text), hex_of(pem));
}

}  // namespace atcert::test
