// SPDX-License-Identifier: Apache-2.0
#include "emulator/network_commands.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "emulator/names.hpp"
#include "emulator/switch_rows.hpp"
#include "emulator/timing.hpp"

namespace atcert::emulator {
namespace {

struct Addresses {
  std::string_view ip;
  std::string_view gateway;
  std::string_view netmask;
};

constexpr Addresses kNone{"0.0.0.0", "0.0.0.0", "0.0.0.0"};
constexpr Addresses kStation{"192.168.31.42", "192.168.31.1", "255.255.255.0"};
constexpr Addresses kAccessPoint{"192.168.4.1", "192.168.4.1", "255.255.255.0"};
constexpr std::string_view kStationMac = "02:00:00:00:00:42";
constexpr std::string_view kAccessPointMac = "02:00:00:00:00:43";
constexpr std::size_t kMaxServers = 3;
constexpr std::size_t kMaxHostName = 32;

std::string lines_of(std::string_view command, const Addresses& addresses) {
  return fmt::format("{0}:ip:\"{1}\"\r\n{0}:gateway:\"{2}\"\r\n{0}:netmask:\"{3}\"\r\n", command, addresses.ip,
                     addresses.gateway, addresses.netmask);
}

std::vector<std::string> default_servers() {
  return {"208.67.222.222", "8.8.8.8"};
}

}  // namespace

CommandRows NetworkCommands::commands() {
  CommandRows rows{
      {"+CIFSR", {}, {}, [this] { return list_addresses(); }},
      {"+CIPSTA", [this] { return query_station(); }, {}, {}},
      {"+CIPSTAMAC", [this] { return query_mac("+CIPSTAMAC", wifi_.is_station(), kStationMac); }, {}, {}},
      {"+CIPAP", [this] { return query_access_point(); }, {}, {}},
      {"+CIPAPMAC", [this] { return query_mac("+CIPAPMAC", wifi_.is_access_point(), kAccessPointMac); }, {}, {}},
      {"+CWHOSTNAME",
       [this] {
         run_.port.print(fmt::format("+CWHOSTNAME:{}\r\n", host_name_));
         return Outcome::ok;
       },
       [this](const auto& p) { return set_host_name(p); },
       {}},
      {"+CIPDNS", [this] { return query_dns(); }, [this](const auto& p) { return set_dns(p); }, {}},
      {"+CIPSTATUS", {}, {}, [this] { return query_status(); }},
      {"+PING", {}, [this](const auto& p) { return ping(p); }, {}},
  };
  Command dhcp = switch_row(run_.port, "+CWDHCP", run_.board.stored.dhcp);
  dhcp.set = [this](const auto& p) { return set_dhcp(p); };
  rows.push_back(std::move(dhcp));
  Command auto_connect = switch_row(run_.port, "+CWAUTOCONN", run_.board.stored.auto_connect);
  if (!run_.board.features.auto_connect_query) auto_connect.query = {};
  rows.push_back(std::move(auto_connect));
  if (run_.board.features.link_state) {
    rows.push_back({"+CIPSTATE",
                    [this] {
                      sockets_.print_status("+CIPSTATE");
                      return Outcome::ok;
                    },
                    {},
                    {}});
  }
  return rows;
}

Outcome NetworkCommands::list_addresses() const {
  if (wifi_.is_access_point()) {
    run_.port.print(fmt::format("+CIFSR:APIP,\"{}\"\r\n+CIFSR:APMAC,\"{}\"\r\n", kAccessPoint.ip, kAccessPointMac));
  }
  if (wifi_.is_station()) {
    const Addresses& station = wifi_.has_address() ? kStation : kNone;
    run_.port.print(fmt::format("+CIFSR:STAIP,\"{}\"\r\n+CIFSR:STAMAC,\"{}\"\r\n", station.ip, kStationMac));
  }
  return Outcome::ok;
}

Outcome NetworkCommands::query_station() const {
  if (!wifi_.is_station()) return Outcome::error;
  run_.port.print(lines_of("+CIPSTA", wifi_.has_address() ? kStation : kNone));
  return Outcome::ok;
}

Outcome NetworkCommands::query_access_point() const {
  if (!wifi_.is_access_point()) return Outcome::error;
  run_.port.print(lines_of("+CIPAP", kAccessPoint));
  return Outcome::ok;
}

Outcome NetworkCommands::query_mac(std::string_view command, bool there, std::string_view mac) const {
  if (!there) return Outcome::error;
  run_.port.print(fmt::format("{}:\"{}\"\r\n", command, mac));
  return Outcome::ok;
}

// <operate>,<mode>
Outcome NetworkCommands::set_dhcp(const Parameters& parameters) {
  const auto operate = parameters.number(0);
  const auto mode = parameters.number(1);
  if (parameters.count() != 2 || !operate.ok() || operate.value < 0 || operate.value > 1) return Outcome::error;
  if (!mode.ok() || mode.value < 1 || mode.value > 3) return Outcome::error;
  std::int32_t& dhcp = run_.board.stored.dhcp;
  dhcp = operate.value == 1 ? dhcp | mode.value : dhcp & ~mode.value;
  return Outcome::ok;
}

// <"hostname">
Outcome NetworkCommands::set_host_name(const Parameters& parameters) {
  auto name = parameters.text(0);
  if (parameters.count() != 1 || !name.ok() || name.value.empty() || name.value.size() > kMaxHostName) {
    return Outcome::error;
  }
  if (!wifi_.is_station()) return Outcome::error;
  host_name_ = std::move(name.value);
  return Outcome::ok;
}

Outcome NetworkCommands::query_dns() const {
  std::vector<std::string> servers = default_servers();
  if (wifi_.has_address()) servers = {std::string(kStation.gateway)};
  std::string line = fmt::format("+CIPDNS:{:d}", servers_.has_value());
  for (const std::string& server : servers_.value_or(servers)) line += fmt::format(",\"{}\"", server);
  run_.port.print(line + "\r\n");
  return Outcome::ok;
}

// <enable>[,<"DNS IP1">][,<"DNS IP2">][,<"DNS IP3">]
Outcome NetworkCommands::set_dns(const Parameters& parameters) {
  const auto enable = parameters.number(0);
  if (!enable.ok() || enable.value < 0 || enable.value > 1) return Outcome::error;
  if (parameters.count() > 1 + (enable.value == 1 ? kMaxServers : 0)) return Outcome::error;
  std::vector<std::string> servers;
  for (std::size_t i = 1; i < parameters.count(); ++i) {
    auto server = parameters.text(i);
    if (!server.ok() || !is_address(server.value)) return Outcome::error;
    if (std::ranges::count(servers, server.value) > 0) return Outcome::error;
    servers.push_back(std::move(server.value));
  }
  servers_.reset();
  if (enable.value == 1) servers_ = servers.empty() ? default_servers() : std::move(servers);
  return Outcome::ok;
}

Outcome NetworkCommands::query_status() const {
  const int own = !wifi_.is_station() ? 0 : wifi_.has_address() ? 2 : wifi_.was_started() ? 5 : 1;
  const int status = own == 2 ? sockets_.status().value_or(own) : own;
  run_.port.print(fmt::format("STATUS:{}\r\n", status));
  sockets_.print_status("+CIPSTATUS");
  return Outcome::ok;
}

// <"host">
Outcome NetworkCommands::ping(const Parameters& parameters) {
  const auto host = parameters.text(0);
  if (!host.ok() || host.value.empty() || parameters.count() != 1) return Outcome::error;
  const std::optional<Route> route = route_to(run_.board.options, host.value, 0);
  const bool answers = wifi_.has_address() && route && (route->given || is_address(host.value));
  if (answers) {
    run_.timers.after(kDomainTime, [this] {
      run_.port.print("+PING:1\r\n");
      run_.port.finish(Outcome::ok);
    });
  } else {
    run_.timers.after(kDomainFailureTime, [this] {
      run_.port.print(run_.board.features.ping_timeout ? "+PING:TIMEOUT\r\n" : "+timeout\r\n");
      run_.port.finish(Outcome::error);
    });
  }
  return Outcome::running;
}

}  // namespace atcert::emulator
