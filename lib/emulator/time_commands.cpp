// SPDX-License-Identifier: Apache-2.0
#include "emulator/time_commands.hpp"

#include <array>
#include <cstdlib>
#include <ctime>
#include <utility>

#include <fmt/core.h>

#include "emulator/switch_rows.hpp"
#include "emulator/timing.hpp"

namespace atcert::emulator {
namespace {

constexpr std::size_t kMaxServers = 3;
constexpr std::int32_t kFirstHour = -12;
constexpr std::int32_t kLastHour = 14;
constexpr std::int32_t kLeastInterval = 15;  // in seconds
constexpr std::int32_t kMostInterval = 4'294'967;

// "Thu Jan  1 00:02:08 1970"
std::string asctime_text(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm fields{};
  std::array<char, 32> text{};
  gmtime_r(&seconds, &fields);
  asctime_r(&fields, text.data());
  return std::string(std::string_view(text.data()).substr(0, 24));  // without its line end
}

}  // namespace

CommandRows TimeCommands::commands() {
  CommandRows rows{
      {"+CIPSNTPCFG", [this] { return query_server(); }, [this](const auto& p) { return set_server(p); }, {}},
      {"+CIPSNTPTIME", [this] { return query_time(); }, {}, {}},
      {"+SYSTIMESTAMP", [this] { return query_timestamp(); }, [this](const auto& p) { return set_timestamp(p); }, {}},
  };
  if (run_.board.features.sntp_interval) {
    Command interval = switch_row(run_.port, "+CIPSNTPINTV", interval_);
    interval.set = [this](const auto& p) { return set_number(p, kLeastInterval, kMostInterval, interval_); };
    rows.push_back(std::move(interval));
  }
  return rows;
}

void TimeCommands::network_up() {
  run_.timers.cancel(std::exchange(request_, 0));
  if (!enabled_ || !online_() || run_.board.has(Fault::no_sntp) || run_.board.has(Fault::clock_stuck)) return;
  request_ = run_.timers.after(kSntpTime, [this] {
    if (!online_()) return;
    const std::chrono::seconds wrong(run_.board.faults().argument(Fault::wrong_clock));
    run_.board.time.set(run_.board.time.true_time() + wrong);
    if (run_.board.features.time_updated) run_.port.print("+TIME_UPDATED\r\n");
  });
}

Outcome TimeCommands::query_server() const {
  if (!enabled_) {
    run_.port.print(fmt::format("+CIPSNTPCFG:0,{}\r\n", zone_));
    return Outcome::ok;
  }
  run_.port.print(fmt::format("+CIPSNTPCFG:1,{}", zone_));
  for (const std::string& server : servers_) run_.port.print(fmt::format(",\"{}\"", server));
  return Outcome::ok;
}

// <enable>[,<timezone>][,<"SNTP server1">][,<"SNTP server2">][,<"SNTP server3">]
Outcome TimeCommands::set_server(const Parameters& parameters) {
  const auto enable = parameters.number(0);
  if (!enable.ok() || enable.value < 0 || enable.value > 1) return Outcome::error;
  if (parameters.count() > 2 + kMaxServers) return Outcome::error;
  if (parameters.count() > 1) {
    const auto zone = parameters.number(1);
    if (zone.failed() || (zone.ok() && !set_zone(zone.value))) return Outcome::error;
  }
  std::vector<std::string> servers;
  for (std::size_t i = 2; i < parameters.count(); ++i) {
    auto server = parameters.text(i);
    if (server.failed()) return Outcome::error;
    if (server.ok()) servers.push_back(std::move(server.value));
  }
  enabled_ = enable.value == 1;
  if (!servers.empty()) servers_ = std::move(servers);
  if (servers_.empty()) servers_ = {"cn.ntp.org.cn", "ntp.sjtu.edu.cn", "us.pool.ntp.org"};
  network_up();
  return Outcome::ok;
}

// Whole hours, or from 2.2 on [+|-][hh]mm.
bool TimeCommands::set_zone(std::int32_t zone) {
  const bool hours = zone >= kFirstHour && zone <= kLastHour;
  if (!hours && !run_.board.features.hhmm_time_zone) return false;
  const std::int32_t minutes = hours ? zone * 60 : zone / 100 * 60 + zone % 100;
  if (minutes < kFirstHour * 60 || minutes > kLastHour * 60 || (!hours && std::abs(zone % 100) >= 60)) return false;
  zone_ = zone;
  zone_offset_ = std::chrono::minutes(minutes);
  return true;
}

Outcome TimeCommands::query_time() const {
  run_.port.print("+CIPSNTPTIME:" + asctime_text(run_.board.time.now() + zone_offset_));
  return Outcome::ok;
}

Outcome TimeCommands::query_timestamp() const {
  run_.port.print(fmt::format("+SYSTIMESTAMP:{}", std::chrono::system_clock::to_time_t(run_.board.time.now())));
  return Outcome::ok;
}

Outcome TimeCommands::set_timestamp(const Parameters& parameters) {
  const auto seconds = parameters.number(0);
  if (parameters.count() != 1 || !seconds.ok() || seconds.value < 0) return Outcome::error;
  if (!run_.board.has(Fault::clock_stuck)) run_.board.time.set(WallTime(std::chrono::seconds(seconds.value)));
  return Outcome::ok;
}

}  // namespace atcert::emulator
