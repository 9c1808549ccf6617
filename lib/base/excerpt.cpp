// SPDX-License-Identifier: Apache-2.0
#include "base/excerpt.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace atcert {
namespace {

constexpr std::size_t kMost = 40;
constexpr std::size_t kLongRun = 24;
constexpr std::size_t kMixedRun = 16;
// Far more than what is shown can come of; text that is longer is not read to its end.
constexpr std::size_t kMostRead = 4096;

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_base64(char c) {
  return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

bool is_telling(std::string_view run) {
  if (run.size() >= kLongRun) return true;
  return run.size() >= kMixedRun && std::any_of(run.begin(), run.end(), is_upper) &&
         std::any_of(run.begin(), run.end(), is_lower);
}

// Not within a character of UTF-8.
std::string shortened(std::string text) {
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text + "...";
}

}  // namespace

std::string excerpt(std::string_view text) {
  text = text.substr(0, kMostRead);
  if (text.find("PRIVATE KEY") != std::string_view::npos) return "(a private key)";
  std::string shown;
  while (!text.empty() && shown.size() <= kMost) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_base64);
    const std::string_view run(text.data(), static_cast<std::size_t>(end - text.begin()));
    shown += is_telling(run) ? fmt::format("({} characters)", run.size()) : std::string(run);
    text.remove_prefix(run.size());
    if (text.empty()) break;
    shown += text.front();
    text.remove_prefix(1);
  }
  return shortened(std::move(shown));
}

}  // namespace atcert
