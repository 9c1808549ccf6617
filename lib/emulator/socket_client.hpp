// SPDX-License-Identifier: Apache-2.0
// A connection of AT+CIPSTART over real TCP and TLS.
#pragma once

#include <optional>

#include "emulator/net_link.hpp"
#include "emulator/socket_connection.hpp"

namespace atcert::emulator {

class SocketClient final : public SocketConnection {
 public:
  SocketClient(SocketRequest request, SteadyTime now);

  int descriptor() const override { return link_ ? link_->descriptor() : -1; }
  short poll_events() const override { return link_ ? link_->poll_events() : short{0}; }
  std::optional<SteadyTime> deadline() const override;
  void on_ready(SteadyTime now) override;
  std::vector<SocketEvent> take_events() override { return std::exchange(events_, {}); }
  void send(ByteView data) override;

 private:
  void close(std::string reason);

  SocketRequest request_;
  std::optional<NetLink> link_;  // none: closed
  std::vector<SocketEvent> events_;
  SteadyTime now_;
  SteadyTime connect_deadline_;
  bool opened_ = false;
};

SocketFactory real_sockets();

}  // namespace atcert::emulator
