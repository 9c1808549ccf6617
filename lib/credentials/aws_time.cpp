// SPDX-License-Identifier: Apache-2.0
#include "credentials/aws_time.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace atcert::credentials {
namespace {

constexpr double kLatest = 253402300799;  // the end of the year 9999

// Takes numbers of fixed width and the characters between them from the front of a text.
class Fields {
 public:
  explicit Fields(std::string_view rest) : rest_(rest) {}

  std::optional<int> number(std::size_t width) {
    int value = 0;
    const std::string_view digits = rest_.substr(0, width);
    if (digits.size() < width || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    std::from_chars(digits.data(), digits.data() + width, value);
    rest_.remove_prefix(width);
    return value;
  }

  bool one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_digits() { rest_.remove_prefix(std::min(rest_.find_first_not_of("0123456789"), rest_.size())); }

  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// "+03:00", "-0800"; "Z" and nothing are UTC.
std::optional<std::chrono::minutes> offset(Fields fields) {
  if (fields.rest().empty() || fields.rest() == "Z") return std::chrono::minutes(0);
  const bool west = fields.rest().front() == '-';
  if (!fields.one_of("+-")) return std::nullopt;
  const auto hours = fields.number(2);
  fields.one_of(":");
  const auto minutes = fields.number(2);
  if (!hours || !minutes || !fields.rest().empty()) return std::nullopt;
  const std::chrono::minutes size = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return west ? -size : size;
}

std::optional<Date> iso_time(std::string_view text) {
  Fields fields(text);
  const auto year = fields.number(4);
  const bool dash = fields.one_of("-");
  const auto month = fields.number(2);
  const bool second_dash = fields.one_of("-");
  const auto day = fields.number(2);
  const bool t = fields.one_of("T ");
  const auto hour = fields.number(2);
  const bool colon = fields.one_of(":");
  const auto minute = fields.number(2);
  const bool second_colon = fields.one_of(":");
  const auto second = fields.number(2);
  if (!year || !dash || !month || !second_dash || !day || !t || !hour || !colon || !minute || !second_colon ||
      !second) {
    return std::nullopt;
  }
  if (fields.one_of(".")) fields.skip_digits();
  const auto east = offset(fields);
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!east || !date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) - *east;
}

std::optional<Date> seconds_since_1970(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  if (!(value >= 0 && value <= kLatest)) return std::nullopt;
  return Date(std::chrono::seconds(static_cast<long long>(std::floor(value))));
}

}  // namespace

std::optional<Date> aws_time(std::string_view text) {
  const auto time = iso_time(text);
  return time ? time : seconds_since_1970(text);
}

}  // namespace atcert::credentials
