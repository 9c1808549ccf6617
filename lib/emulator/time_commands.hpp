// SPDX-License-Identifier: Apache-2.0
// The clock: AT+CIPSNTPCFG, AT+CIPSNTPTIME, AT+CIPSNTPINTV (ESP-AT, TCP/IP AT Commands) and AT+SYSTIMESTAMP (Basic AT
// Commands).
#pragma once

#include <string>
#include <vector>

#include "emulator/board.hpp"

namespace atcert::emulator {

class TimeCommands {
 public:
  // `online` says whether the module has an address.
  TimeCommands(Run& run, std::function<bool()> online) : run_(run), online_(std::move(online)) {}

  CommandRows commands();
  // Asks the time server, if one is configured; to be called when the module gets an address.
  void network_up();

 private:
  Outcome query_server() const;
  Outcome set_server(const Parameters& parameters);
  bool set_zone(std::int32_t zone);
  Outcome query_time() const;
  Outcome query_timestamp() const;
  Outcome set_timestamp(const Parameters& parameters);

  Run& run_;
  std::function<bool()> online_;
  bool enabled_ = false;
  std::int32_t zone_ = 0;  // as it was given: hours, or hhmm
  std::chrono::minutes zone_offset_{0};
  std::vector<std::string> servers_;
  std::int32_t interval_ = 3600;  // in seconds; the module asks once
  Timers::Id request_ = 0;
};

}  // namespace atcert::emulator
