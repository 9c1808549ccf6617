// SPDX-License-Identifier: Apache-2.0
#include "script/module_time.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace atcert::script {
namespace {

constexpr std::string_view kForm = "Www Mmm dd hh:mm:ss yyyy";
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The number that `text` is, or -1. A blank may stand for a leading zero.
int digits(std::string_view text) {
  int value = 0;
  bool leading = true;
  for (const char c : text) {
    if (c == ' ' && leading) continue;
    if (c < '0' || c > '9') return -1;
    leading = false;
    value = value * 10 + (c - '0');
  }
  return leading ? -1 : value;
}

bool in_range(int value, int low, int high) {
  return value >= low && value <= high;
}

std::optional<WallTime> parse_timestamp(std::string_view text) {
  constexpr std::size_t kMostDigits = 10;  // the year 2286, system_clock's nanoseconds end in 2262
  if (text.empty() || text.size() > kMostDigits) return std::nullopt;
  std::int64_t seconds = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    seconds = seconds * 10 + (c - '0');
  }
  constexpr std::chrono::sys_days kLast = std::chrono::year(2200) / 12 / 31;
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  return time < kLast ? std::optional<WallTime>(time) : std::nullopt;
}

}  // namespace

std::optional<WallTime> parse_module_time(std::string_view text) {
  if (text.size() != kForm.size()) return parse_timestamp(text);
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if ((kForm[i] == ' ' || kForm[i] == ':') && text[i] != kForm[i]) return std::nullopt;
  }
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(4, 3));
  const int day = digits(text.substr(8, 2));
  const int hour = digits(text.substr(11, 2));
  const int minute = digits(text.substr(14, 2));
  const int second = digits(text.substr(17, 2));
  const int year = digits(text.substr(20, 4));
  if (month == kMonths.end() || !in_range(day, 1, 31) || !in_range(hour, 0, 23) || !in_range(minute, 0, 59) ||
      !in_range(second, 0, 60) || !in_range(year, 1900, 9999)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year > 2200) return std::nullopt;  // system_clock's nanoseconds end in 2262
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

std::string format_time(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace atcert::script
