// SPDX-License-Identifier: Apache-2.0
#include "at/heard.hpp"

#include <algorithm>
#include <array>

#include "at/line_kind.hpp"

namespace atcert::at {
namespace {

// Of the ROM ("rst:0x1 (POWERON_RESET),boot:0x13", "ESP-ROM:esp32c3-api1-20210207", ESP8266: "ets Jan  8 2013,rst
// cause:1, boot mode:(3,7)") and of esp-idf's boot loader ("I (27) boot: ESP-IDF v4.2.3 2nd stage bootloader").
constexpr std::array<std::string_view, 7> kBootLog{
    "rst:0x", "load:0x", " boot: ", "ESP-ROM:", "rst cause:", "ets Jun ", "ets Jul "};
constexpr std::array<std::string_view, 2> kDownload{"waiting for download", "(DOWNLOAD"};

constexpr std::string_view kEscape = "+++";

template <typename List>
bool has_any(std::string_view line, const List& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return line.find(part) != line.npos; });
}

// "I (1234) wifi: ...", with a colour before it or none (esp-idf, ESP_LOGI).
bool is_log_line(std::string_view line) {
  const std::size_t open = line.find(" (");
  if (open == line.npos || open == 0) return false;
  const std::string_view levels = "EWIDV";
  if (levels.find(line[open - 1]) == levels.npos) return false;
  line.remove_prefix(open + 2);
  const std::size_t close = line.find_first_not_of("0123456789");
  return close != line.npos && close > 0 && line.substr(close).starts_with(") ") && line.find(':', close) != line.npos;
}

}  // namespace

void Heard::take(const Event& event) {
  if (std::holds_alternative<Echo>(event)) echo_ = true;
  if (const auto* line = std::get_if<Line>(&event)) take_line(line->text.raw());
}

void Heard::take_line(std::string_view line) {
  if (has_any(line, kDownload)) {
    download_ = true;
  } else if (has_any(line, kBootLog)) {
    boot_ = true;
  } else if (is_log_line(line)) {
    firmware_ = true;
  } else if (line.starts_with(kEscape)) {
    echo_ = true;  // and the line that was sent behind it
  } else {
    const LineKind kind = kind_of(line);
    refusal_ = refusal_ || kind == LineKind::error || kind == LineKind::error_code;
    text_ = text_ || kind == LineKind::other;
  }
}

Carries Heard::verdict(std::size_t bytes, std::size_t foreign) const {
  // Bytes at a wrong rate are of any value, so that half of them are no text; a single one may be a spike of the line.
  constexpr std::size_t kShare = 4;
  if (bytes == 0) return Carries::nothing;
  if (download_) return Carries::download_mode;
  if (boot_) return Carries::boot_log;
  if (firmware_) return Carries::firmware_log;
  if (foreign * kShare >= bytes) return Carries::noise;
  if (refusal_ && !text_) return Carries::refusals;
  return echo_ && !text_ ? Carries::echo : Carries::text;
}

}  // namespace atcert::at
