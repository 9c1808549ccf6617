// SPDX-License-Identifier: Apache-2.0
// The station: AT+CWMODE, AT+CWJAP, AT+CWQAP, AT+CWSTATE, AT+CWLAP, AT+CWLAPOPT (ESP-AT, Wi-Fi AT Commands).
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "emulator/board.hpp"

namespace atcert::emulator {

class Wifi {
 public:
  Wifi(Run& run, std::function<void()> crash) : run_(run), crash_(std::move(crash)) {}

  CommandRows commands();
  // Joins the stored access point, if there is one.
  void start();
  bool is_station() const { return mode_ == 1 || mode_ == 3; }
  bool is_access_point() const { return mode_ == 2 || mode_ == 3; }
  bool was_started() const { return station_.has_value(); }
  bool has_address() const { return state_ == State::has_address; }
  void on_address(std::function<void()> action) { on_address_ = std::move(action); }
  void on_disconnect(std::function<void()> action) { on_disconnect_ = std::move(action); }
  // Leaves the access point, as a restart does.
  void disconnect();
  // The access point is out of reach for a moment; the station joins it again by itself.
  void lose();

 private:
  // As AT+CWSTATE? numbers them.
  enum class State { not_started = 0, no_address = 1, has_address = 2, connecting = 3, disconnected = 4 };

  struct Join {
    StationSettings station;
    Milliseconds limit{15'000};
    // <pci_en>, <reconn_interval>, <listen_interval>, <scan_mode>, <pmf>: shown by AT+CWJAP? as they were set
    std::array<std::int32_t, 5> shown = kDefaults;
    static constexpr std::array<std::int32_t, 5> kDefaults{0, 1, 3, 0, 1};
  };

  Outcome query_mode();
  Outcome set_mode(const Parameters& parameters);
  Outcome query_access_point();
  Outcome set_access_point(const Parameters& parameters);
  Outcome join_last();
  Outcome leave();
  Outcome query_state();
  Outcome list(std::optional<std::string> ssid);
  Outcome set_list_options(const Parameters& parameters);
  std::string list_line(std::size_t index) const;

  std::optional<Join> read_join(const Parameters& parameters) const;
  Outcome join(Join request);
  void joined(std::function<void()> done);
  // The number in "+CWJAP:<n>"; 0: the access point takes us.
  int refusal(const StationSettings& station) const;

  Run& run_;
  std::function<void()> crash_;
  std::int32_t mode_ = 0;
  State state_ = State::not_started;
  std::optional<StationSettings> station_;
  std::int32_t list_fields_ = 0x7FF;     // AT+CWLAPOPT: a bit a field
  std::int32_t list_weakest_ = -100;     // dBm
  std::int32_t list_security_ = 0xFFFF;  // a bit a kind
  std::array<std::int32_t, 5> join_settings_ = Join::kDefaults;
  std::function<void()> on_address_;
  std::function<void()> on_disconnect_;
};

}  // namespace atcert::emulator
