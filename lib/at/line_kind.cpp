// SPDX-License-Identifier: Apache-2.0
#include "at/line_kind.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace atcert::at {
namespace {

constexpr std::string_view kErrorCode = "ERR CODE:0x";

constexpr std::array<std::pair<std::string_view, LineKind>, 11> kWholeLines{{
    {"OK", LineKind::ok},
    {"SEND OK", LineKind::ok},
    {"ERROR", LineKind::error},
    {"FAIL", LineKind::error},
    {"SEND FAIL", LineKind::error},
    {"SEND Canceled", LineKind::error},
    {"+MQTTPUB:OK", LineKind::published},
    {"+MQTTPUB:FAIL", LineKind::publish_failed},
    {"busy p...", LineKind::busy},
    {"ready", LineKind::ready},
    {"Will force to restart!!!", LineKind::restarting},
}};

constexpr std::array<std::string_view, 11> kUnsolicited{
    "WIFI ",       "+TIME_UPDATED", "+MQTTCONNECTED:", "+MQTTDISCONNECTED:", "+MQTTSUBRECV:", "+IPD,",
    "+LINK_CONN:", "+QUITT",        "+STA_CONNECTED",  "+STA_DISCONNECTED",  "+DIST_STA_IP",
};

// Printed without CR LF by the core libraries of 2.1 to 5.0.
constexpr std::array<std::string_view, 6> kOpenReplies{
    "+CIPSNTPTIME:", "+CIPSNTPCFG:", "+SYSRAM:", "+SYSMSG:", "+SYSTIMESTAMP:", "+CWAPPROTO:",
};

// CONNECT and CLOSED, with the link's number before them when there may be several links.
bool is_link_state(std::string_view line) {
  if (line.size() > 2 && line[0] >= '0' && line[0] <= '9' && line[1] == ',') line.remove_prefix(2);
  return line == "CONNECT" || line == "CLOSED";
}

}  // namespace

LineKind kind_of(std::string_view line) {
  for (const auto& [text, kind] : kWholeLines) {
    if (line == text) return kind;
  }
  if (error_code_of(line)) return LineKind::error_code;
  const auto begins = [&](std::string_view prefix) { return line.starts_with(prefix); };
  if (std::any_of(kUnsolicited.begin(), kUnsolicited.end(), begins) || is_link_state(line)) {
    return LineKind::unsolicited;
  }
  return LineKind::other;
}

std::optional<std::uint32_t> error_code_of(std::string_view line) {
  if (!line.starts_with(kErrorCode)) return std::nullopt;
  line.remove_prefix(kErrorCode.size());
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), code, 16);
  if (error != std::errc() || end != line.data() + line.size()) return std::nullopt;
  return code;
}

std::optional<std::size_t> glued_at(std::string_view line) {
  const auto opens = [&](std::string_view prefix) { return line.starts_with(prefix); };
  if (std::none_of(kOpenReplies.begin(), kOpenReplies.end(), opens)) return std::nullopt;
  if (std::count(line.begin(), line.end(), '"') % 2 != 0) return std::nullopt;
  const auto row = std::find_if(kUnsolicited.begin(), kUnsolicited.end(),
                                [&](std::string_view text) { return line.ends_with(text); });
  return row == kUnsolicited.end() ? std::nullopt : std::optional(line.size() - row->size());
}

bool is_unsolicited_head(std::string_view head) {
  return head.starts_with("+MQTTSUBRECV:") || head.starts_with("+IPD,");
}

}  // namespace atcert::at
