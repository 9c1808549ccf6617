// SPDX-License-Identifier: Apache-2.0
// What the module says of its interfaces: AT+CIFSR, AT+CIPSTA?, AT+CIPSTAMAC?, AT+CIPAP?, AT+CIPAPMAC?, AT+CWDHCP,
// AT+CWAUTOCONN, AT+CWHOSTNAME, AT+CIPDNS, AT+CIPSTATUS, AT+CIPSTATE?, AT+PING (ESP-AT, Wi-Fi and TCP/IP AT Commands).
// Addresses are only asked for here: DHCP gives them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/board.hpp"
#include "emulator/socket_commands.hpp"
#include "emulator/wifi.hpp"

namespace atcert::emulator {

class NetworkCommands {
 public:
  NetworkCommands(Run& run, const Wifi& wifi, const SocketCommands& sockets)
      : run_(run), wifi_(wifi), sockets_(sockets) {}

  CommandRows commands();

 private:
  Outcome list_addresses() const;
  Outcome query_station() const;
  Outcome query_access_point() const;
  Outcome query_mac(std::string_view command, bool there, std::string_view mac) const;
  Outcome set_dhcp(const Parameters& parameters);
  Outcome set_host_name(const Parameters& parameters);
  Outcome query_dns() const;
  Outcome set_dns(const Parameters& parameters);
  Outcome query_status() const;
  Outcome ping(const Parameters& parameters);

  Run& run_;
  const Wifi& wifi_;
  const SocketCommands& sockets_;
  std::string host_name_ = "espressif";              // CONFIG_LWIP_LOCAL_HOSTNAME of ESP-IDF
  std::optional<std::vector<std::string>> servers_;  // set by hand; none: those of DHCP
};

}  // namespace atcert::emulator
