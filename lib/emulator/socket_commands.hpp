// SPDX-License-Identifier: Apache-2.0
// Connections of the module itself: AT+CIPMUX, AT+CIPSTART, AT+CIPSTARTEX, AT+CIPSEND, AT+CIPCLOSE, AT+CIPSTATUS,
// AT+CIPSTATE, AT+CIPRECVMODE, AT+CIPRECVDATA, AT+CIPRECVLEN, AT+CIPDINFO, AT+CIPSSLCCONF, AT+CIPSSLCSNI (ESP-AT,
// TCP/IP AT Commands; strings of the core libraries). TCP and SSL over IPv4 as a client; no UDP, no server, no
// passthrough mode.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/board.hpp"
#include "emulator/socket_connection.hpp"

namespace atcert::emulator {

class SocketCommands {
 public:
  struct Hooks {
    SocketFactory connect;  // none: nothing can be connected to
    std::function<bool()> online;
  };

  SocketCommands(Run& run, Hooks hooks) : run_(run), hooks_(std::move(hooks)) {}

  CommandRows commands();
  std::vector<Pollable*> connections() const;
  // Acts on what happened on the connections.
  void service();
  void network_lost();
  // As AT+CIPSTATUS numbers them: 3 and 4; nothing: there has been no connection.
  std::optional<int> status() const;
  void print_status(std::string_view command) const;

 private:
  static constexpr std::size_t kLinks = 5;

  struct Link {
    std::unique_ptr<SocketConnection> connection;
    std::string type;
    std::string address;
    std::uint16_t port = 0;
    std::uint16_t local_port = 0;
    bool open = false;
    bool ended = false;      // by the peer, which is told when all that it sent is read
    bool announced = false;  // passive mode: +IPD is printed once until data is read
    Bytes received;          // passive mode: what the host has not read
  };
  struct SslSettings {
    std::int32_t authentication = 0;
    unsigned pki = 0;
    unsigned ca = 0;
    std::string server_name;
  };

  Outcome set_multiple(const Parameters& parameters);
  Outcome start(const Parameters& parameters);
  Outcome start_on_free(const Parameters& parameters);
  Outcome start_on(std::size_t id, const Parameters& parameters, std::size_t next);
  Outcome connect(std::size_t id, std::string type, const std::string& host, std::uint16_t port);
  bool read_credentials(const SslSettings& ssl, SocketRequest& request) const;
  Outcome send(const Parameters& parameters);
  Outcome close(const Parameters& parameters);
  Outcome close_single();
  Outcome read(const Parameters& parameters);
  Outcome query_unread() const;
  Outcome query_ssl() const;
  Outcome set_ssl(const Parameters& parameters);
  Outcome set_server_name(const Parameters& parameters);
  bool finds_credentials(const SslSettings& ssl) const;

  // The link that the first parameters name, and how many of them that takes; nothing: it is wrong.
  std::optional<std::size_t> link_of(const Parameters& parameters, std::size_t& next) const;
  void handle(std::size_t id, const SocketEvent& event);
  void opened(std::size_t id, std::uint16_t local_port);
  void received(std::size_t id, const Bytes& data);
  void ended(std::size_t id);
  void closed(std::size_t id);
  std::string prefix(std::size_t id) const;  // "0," with multiple connections
  std::string origin(const Link& link) const;

  Run& run_;
  Hooks hooks_;
  std::array<Link, kLinks> links_;
  std::array<SslSettings, kLinks> ssl_;
  std::int32_t multiple_ = 0;
  std::int32_t passive_ = 0;
  std::int32_t show_origin_ = 0;
  bool ever_open_ = false;
  std::optional<std::size_t> starting_;
};

}  // namespace atcert::emulator
