// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/answers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>

#include "script/module_time.hpp"

namespace atcert::diagnosis {
namespace {

// What stands behind `head` in a line that begins with it.
std::optional<std::string_view> behind(std::string_view line, std::string_view head) {
  if (!line.starts_with(head)) return std::nullopt;
  return line.substr(head.size());
}

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

// <ecn> ("Wi-Fi AT Commands", AT+CWLAP).
constexpr std::array<std::string_view, 10> kSecurities{
    "OPEN",     "WEP",           "WPA_PSK",  "WPA2_PSK", "WPA_WPA2_PSK", "WPA2_ENTERPRISE",
    "WPA3_PSK", "WPA2_WPA3_PSK", "WAPI_PSK", "OWE"};

struct Listed {
  std::string name;
  std::string security;
  int power = 0;
};

// A name may hold quotes and commas: it ends at the quote that a number follows, and that another quote follows.
std::optional<Listed> read_network(std::string_view text) {
  if (!take(text, "(")) return std::nullopt;
  const auto security = take_number(text);
  if (!security || !take(text, ",\"")) return std::nullopt;
  for (std::size_t end = text.find("\","); end != std::string_view::npos; end = text.find("\",", end + 1)) {
    std::string_view rest = text.substr(end + 2);
    const auto power = take_number(rest);
    if (!power || *power < -200 || *power > 100 || !(rest.empty() || rest.front() == ',' || rest.front() == ')'))
      continue;
    const auto known = static_cast<std::size_t>(*security) < kSecurities.size();
    return Listed{std::string(text.substr(0, end)),
                  known ? std::string(kSecurities[static_cast<std::size_t>(*security)]) : "", static_cast<int>(*power)};
  }
  return std::nullopt;
}

// Without what people get wrong in a name: case, blanks at its ends, and escapes, which some releases leave in.
std::string plain(std::string_view name) {
  std::string text;
  for (const char character : name) {
    if (character == '\\') continue;
    text += static_cast<char>(character >= 'A' && character <= 'Z' ? character - 'A' + 'a' : character);
  }
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string without_escapes(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) ++i;
    text += name[i];
  }
  return text;
}

}  // namespace

std::optional<std::int64_t> first_number(Lines lines, std::string_view head) {
  for (const OutsideText& line : lines) {
    if (auto rest = behind(line.raw(), head)) return take_number(*rest);
  }
  return std::nullopt;
}

void read_networks(Lines lines, std::string_view ssid, Answers& answers) {
  answers.network_seen = answers.network_seen.value_or(false);
  for (const OutsideText& line : lines) {
    const auto rest = behind(line.shown(), "+CWLAP:");
    const auto network = rest ? read_network(*rest) : std::nullopt;
    if (!network) continue;
    if (network->name == ssid || without_escapes(network->name) == ssid) {
      answers.network_seen = true;
      if (answers.network.power && *answers.network.power >= network->power) continue;
      answers.network = {network->security, network->power};
    } else if (plain(network->name) == plain(ssid)) {
      answers.similar = network->name;
    }
  }
}

std::string read_address(Lines lines) {
  for (const OutsideText& line : lines) {
    auto rest = behind(line.shown(), "+CIPDOMAIN:");
    if (!rest) continue;
    take(*rest, "\"");
    return std::string(rest->substr(0, rest->find('"')));
  }
  return {};
}

std::vector<std::string> read_name_servers(Lines lines) {
  std::vector<std::string> servers;
  for (const OutsideText& line : lines) {
    auto rest = behind(line.shown(), "+CIPDNS:");
    if (!rest) continue;
    for (std::size_t open = rest->find('"'); open != std::string_view::npos; open = rest->find('"')) {
      rest->remove_prefix(open + 1);
      const std::size_t close = rest->find('"');
      if (close == std::string_view::npos) break;
      servers.emplace_back(rest->substr(0, close));
      rest->remove_prefix(close + 1);
    }
  }
  return servers;
}

void read_clock(Lines lines, WallTime now, Answers& answers) {
  for (const OutsideText& line : lines) {
    const auto rest = behind(line.raw(), "+CIPSNTPTIME:");
    const auto time = rest ? script::parse_module_time(*rest) : std::nullopt;
    if (!time) continue;
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(*time));
    answers.clock_year = static_cast<int>(day.year());
    answers.clock_off = std::abs(std::chrono::duration_cast<std::chrono::seconds>(now - *time).count());
  }
}

void read_mqtt(Lines lines, Answers& answers) {
  for (const OutsideText& line : lines) {
    auto rest = behind(line.raw(), "+MQTTCONN:");
    if (!rest || !take_number(*rest) || !take(*rest, ",")) continue;
    const auto state = take_number(*rest);
    if (!state || *state < 0 || !take(*rest, ",")) continue;
    answers.mqtt_state = static_cast<unsigned>(*state);
    if (const auto scheme = take_number(*rest); scheme && *scheme >= 0)
      answers.mqtt_scheme = static_cast<unsigned>(*scheme);
  }
}

void read_socket_errors(Lines lines, Answers& answers) {
  for (const OutsideText& line : lines) {
    const auto rest = behind(line.raw(), "+ERRNO:0x");
    std::uint32_t value = 0;
    if (rest && std::from_chars(rest->data(), rest->data() + rest->size(), value, 16).ec == std::errc()) {
      answers.socket_errors.push_back(value);
    }
  }
}

}  // namespace atcert::diagnosis
