// SPDX-License-Identifier: Apache-2.0
#include "image/release.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/core.h>

#include "base/excerpt.hpp"

namespace atcert::image {
namespace {

constexpr Release kFirstNvsRelease{{3, 1, 0, 0}};
constexpr std::string_view kSuffixStarts = "_-( ";

std::optional<Release> read_numbers(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  Release release;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (std::size_t i = 0; i < release.numbers.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    const auto [next, error] = std::from_chars(at, end, release.numbers[i]);
    if (error != std::errc()) return std::nullopt;
    at = next;
  }
  if (at != end && kSuffixStarts.find(*at) == std::string_view::npos) return std::nullopt;
  return release;
}

}  // namespace

Result<Release> parse_release(std::string_view text) {
  if (const auto release = read_numbers(text)) return *release;
  return Error{ErrorKind::input,
               "release_malformed",
               fmt::format("'{}' is not an ESP-AT release number", excerpt(text)),
               {},
               "give four numbers as AT+GMR prints them, for example 2.4.0.0 or 4.1.1.0"};
}

std::string completed_release(std::string_view text) {
  const bool numbers = text.find_first_not_of("vV.0123456789") == std::string_view::npos;
  const bool three = numbers && std::count(text.begin(), text.end(), '.') == 2;
  return std::string(text) + (three ? ".0" : "");
}

std::string to_string(const Release& release) {
  const auto& numbers = release.numbers;
  return fmt::format("{}.{}.{}.{}", numbers[0], numbers[1], numbers[2], numbers[3]);
}

Generation generation_of(const Release& release) {
  return release < kFirstNvsRelease ? Generation::pki : Generation::nvs;
}

std::string_view name_of(Generation generation) {
  return generation == Generation::pki ? "pki" : "nvs";
}

}  // namespace atcert::image
