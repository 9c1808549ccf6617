// SPDX-License-Identifier: Apache-2.0
#include "emulator/wifi.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "emulator/timing.hpp"

namespace atcert::emulator {
namespace {

constexpr int kNoSuchAccessPoint = 3;
constexpr int kWrongPassword = 2;
constexpr int kJoinTimeout = 1;
constexpr std::int32_t kMinJoinLimit = 3;  // seconds
constexpr std::int32_t kMaxJoinLimit = 600;
constexpr std::size_t kMaxSsidSize = 32;
constexpr std::size_t kMaxPasswordSize = 64;
constexpr int kChannel = 6;
constexpr int kStrength = -48;  // dBm
constexpr int kOpen = 0;
constexpr int kWpa2 = 3;

// A locally administered address for the n-th access point.
std::string mac_of(std::size_t index) {
  return fmt::format("02:00:00:00:aa:{:02x}", 0x44 + index);
}

std::string with_escapes(std::string_view ssid) {
  std::string text;
  for (const char c : ssid) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

bool in_range(const Parameter<std::int32_t>& parameter, std::int32_t low, std::int32_t high) {
  return parameter.read == Read::omitted || (parameter.ok() && parameter.value >= low && parameter.value <= high);
}

}  // namespace

CommandRows Wifi::commands() {
  CommandRows rows{
      {"+CWMODE", [this] { return query_mode(); }, [this](const Parameters& p) { return set_mode(p); }, {}},
      {"+CWJAP", [this] { return query_access_point(); }, [this](const Parameters& p) { return set_access_point(p); },
       [this] { return join_last(); }},
      {"+CWLAP",
       {},
       [this](const Parameters& p) {
         const auto ssid = p.text(0);
         return ssid.ok() ? list(ssid.value) : Outcome::error;
       },
       [this] { return list(std::nullopt); }},
      {"+CWLAPOPT", {}, [this](const Parameters& p) { return set_list_options(p); }, {}},
      {"+CWQAP", {}, {}, [this] { return leave(); }},
  };
  if (run_.board.features.command_list) rows.push_back({"+CWSTATE", [this] { return query_state(); }, {}, {}});
  return rows;
}

void Wifi::start() {
  mode_ = run_.board.settings.wifi_mode();
  const auto& stored = run_.board.settings.station();
  if (!is_station() || !stored || run_.board.stored.auto_connect == 0) return;
  station_ = stored->clone();
  if (refusal(*station_) != 0) return;
  state_ = State::connecting;
  run_.timers.after(kJoinTime, [this] { joined([] {}); });
}

Outcome Wifi::query_mode() {
  run_.port.print(fmt::format("+CWMODE:{}\r\n", mode_));
  return Outcome::ok;
}

Outcome Wifi::set_mode(const Parameters& parameters) {
  const auto mode = parameters.number(0);
  if (!mode.ok() || mode.value < 0 || mode.value > 3 || parameters.count() > 2) return Outcome::error;
  mode_ = mode.value;
  if (run_.store_settings) run_.board.settings.store_wifi_mode(mode_);
  if (!is_station()) disconnect();
  return Outcome::ok;
}

Outcome Wifi::query_access_point() {
  if (!is_station()) return Outcome::error;
  if (state_ != State::no_address && state_ != State::has_address) {
    run_.port.print("No AP\r\n");
    return Outcome::ok;
  }
  const auto& s = join_settings_;
  const std::string pmf = run_.board.features.join_fields ? fmt::format(",{}", s[4]) : std::string();
  run_.port.print(fmt::format("+CWJAP:\"{}\",\"{}\",{},{},{},{},{},{}{}\r\n", with_escapes(station_->ssid), mac_of(0),
                              kChannel, kStrength, s[0], s[1], s[2], s[3], pmf));
  return Outcome::ok;
}

// <"ssid">,<"pwd">,<"bssid">,<pci_en>,<reconn_interval>,<listen_interval>,<scan_mode>,<jap_timeout>,<pmf>
std::optional<Wifi::Join> Wifi::read_join(const Parameters& parameters) const {
  if (parameters.count() < 2 || parameters.count() > 9) return std::nullopt;
  auto ssid = parameters.text(0);
  if (!ssid.ok() || ssid.value.size() > kMaxSsidSize) return std::nullopt;
  auto password = parameters.secret(1);
  if (password.failed() || password.value.size() > kMaxPasswordSize) return std::nullopt;
  Join request{{std::move(ssid.value), std::move(password.value)}};
  if (parameters.count() > 2 && parameters.text(2).failed()) return std::nullopt;
  constexpr std::pair<std::int32_t, std::int32_t> kRanges[] = {
      {0, 1}, {0, 7200}, {1, 100}, {0, 1}, {kMinJoinLimit, kMaxJoinLimit}, {0, 3}};
  for (std::size_t i = 3; i < parameters.count(); ++i) {
    const auto number = parameters.number(i);
    if (!in_range(number, kRanges[i - 3].first, kRanges[i - 3].second)) return std::nullopt;
    if (!number.ok()) continue;
    if (i == 7) {
      request.limit = std::chrono::seconds(number.value);
    } else {
      request.shown[i < 7 ? i - 3 : 4] = number.value;
    }
  }
  return request;
}

Outcome Wifi::set_access_point(const Parameters& parameters) {
  if (!is_station()) return Outcome::error;
  std::optional<Join> request = read_join(parameters);
  if (!request) return Outcome::error;
  return join(std::move(*request));
}

Outcome Wifi::join_last() {
  if (!is_station() || !station_) return Outcome::error;
  return join({.station = station_->clone(), .shown = join_settings_});
}

Outcome Wifi::join(Join request) {
  disconnect();
  station_ = std::move(request.station);
  join_settings_ = request.shown;
  state_ = State::connecting;
  if (run_.store_settings) run_.board.settings.store_station(station_->clone());
  if (run_.board.faults().happens(Fault::brown_out)) {
    run_.timers.after(kRestartDelay, crash_);
    return Outcome::running;
  }
  int code = run_.board.faults().argument(Fault::join_code);
  if (code == 0) code = run_.board.faults().happens(Fault::join_fails) ? kJoinTimeout : refusal(*station_);
  if (code == 0) {
    run_.timers.after(kJoinTime, [this] { joined([this] { run_.port.finish(Outcome::ok); }); });
    return Outcome::running;
  }
  run_.timers.after(request.limit, [this, code] {
    state_ = State::disconnected;
    run_.port.print(fmt::format("+CWJAP:{}\r\n", code));
    run_.port.finish(Outcome::error);
  });
  return Outcome::running;
}

void Wifi::joined(std::function<void()> done) {
  if (state_ != State::connecting) return;
  state_ = State::no_address;
  run_.port.print("WIFI CONNECTED\r\n");
  run_.timers.after(kAddressTime, [this, done = std::move(done)] {
    if (state_ != State::no_address) return;
    state_ = State::has_address;
    run_.port.print("WIFI GOT IP\r\n");
    if (on_address_) on_address_();
    done();
  });
}

int Wifi::refusal(const StationSettings& station) const {
  const auto& air = run_.board.options.access_points;
  const auto found =
      std::find_if(air.begin(), air.end(), [&](const AccessPoint& each) { return each.ssid == station.ssid; });
  if (found == air.end()) return kNoSuchAccessPoint;
  return found->password == station.password ? 0 : kWrongPassword;
}

void Wifi::disconnect() {
  const bool joined = state_ == State::no_address || state_ == State::has_address;
  state_ = is_station() ? State::disconnected : State::not_started;
  if (!joined) return;
  run_.port.print("WIFI DISCONNECT\r\n");
  if (on_disconnect_) on_disconnect_();
}

// A station tries to come back after a second (<reconn_interval> of AT+CWJAP).
void Wifi::lose() {
  disconnect();
  state_ = State::connecting;
  run_.timers.after(kRejoinPause, [this] { joined([] {}); });
}

Outcome Wifi::leave() {
  if (!is_station()) return Outcome::error;
  run_.timers.after(Milliseconds(1), [this] { disconnect(); });
  return Outcome::ok;
}

Outcome Wifi::query_state() {
  const State state = is_station() && state_ == State::not_started ? State::disconnected : state_;
  const bool named = station_ && state != State::not_started;  // what is joined, or was to be
  run_.port.print(fmt::format("+CWSTATE:{},\"{}\"\r\n", static_cast<int>(state), named ? station_->ssid : ""));
  return Outcome::ok;
}

Outcome Wifi::list(std::optional<std::string> ssid) {
  if (!is_station()) return Outcome::error;
  run_.timers.after(kScanTime, [this, ssid = std::move(ssid)] {
    const auto& air = run_.board.options.access_points;
    for (std::size_t i = 0; i < air.size(); ++i) {
      if (ssid && *ssid != air[i].ssid) continue;
      const int security = air[i].password.empty() ? kOpen : kWpa2;
      if (kStrength >= list_weakest_ && (list_security_ >> security & 1) != 0) run_.port.print(list_line(i));
    }
    run_.port.finish(Outcome::ok);
  });
  return Outcome::running;
}

std::string Wifi::list_line(std::size_t index) const {
  const AccessPoint& each = run_.board.options.access_points[index];
  std::vector<std::string> fields{std::to_string(each.password.empty() ? kOpen : kWpa2),
                                  fmt::format("\"{}\"", with_escapes(each.ssid)), std::to_string(kStrength),
                                  fmt::format("\"{}\"", mac_of(index)), std::to_string(kChannel)};
  if (run_.board.features.join_fields) fields.insert(fields.end(), {"-1", "-1", "4", "4", "7", "0"});
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if ((list_fields_ >> i & 1) != 0) line += (line.empty() ? "" : ",") + fields[i];
  }
  return "+CWLAP:(" + line + ")\r\n";
}

// <reserved>,<print mask>[,<rssi filter>][,<authmode mask>]
Outcome Wifi::set_list_options(const Parameters& parameters) {
  const std::size_t most = run_.board.features.join_fields ? 4 : 2;
  if (parameters.count() < 2 || parameters.count() > most) return Outcome::error;
  const auto order = parameters.number(0);
  const auto mask = parameters.number(1);
  if (!order.ok() || order.value < 0 || order.value > 1) return Outcome::error;
  if (!mask.ok() || mask.value < 1 || mask.value > 0x7FF) return Outcome::error;
  const auto weakest = parameters.count() > 2 ? parameters.number(2) : Parameter<std::int32_t>{Read::omitted, 0};
  const auto security = parameters.count() > 3 ? parameters.number(3) : Parameter<std::int32_t>{Read::omitted, 0};
  if (!in_range(weakest, -100, 40) || !in_range(security, 0, 0xFFFF)) return Outcome::error;
  list_fields_ = mask.value;
  if (weakest.ok()) list_weakest_ = weakest.value;
  if (security.ok()) list_security_ = security.value;
  return Outcome::ok;
}

}  // namespace atcert::emulator
