// SPDX-License-Identifier: Apache-2.0
#include "emulator/socket_client.hpp"

namespace atcert::emulator {

SocketClient::SocketClient(SocketRequest request, SteadyTime now)
    : request_(std::move(request)), now_(now), connect_deadline_(now + request_.timeout) {
  std::optional<TlsSettings> tls;
  if (request_.tls) {
    tls = request_.settings;
    tls->ca = request_.ca.reveal();
    tls->certificate = request_.certificate.reveal();
    tls->key = &request_.key;
  }
  auto link = NetLink::connect(request_.route, std::move(tls));
  if (link) {
    link_.emplace(std::move(*link));
  } else {
    close(link.error().what);
  }
}

std::optional<SteadyTime> SocketClient::deadline() const {
  if (!events_.empty()) return now_;
  if (!link_ || opened_) return std::nullopt;
  return connect_deadline_;
}

void SocketClient::on_ready(SteadyTime now) {
  now_ = now;
  if (!link_) return;
  const auto alive = link_->advance();
  if (link_->open() && !opened_) {
    opened_ = true;
    events_.emplace_back(SocketOpened{link_->local_port()});
  }
  if (Bytes data = link_->take_received(); !data.empty()) events_.emplace_back(SocketReceived{std::move(data)});
  if (!alive) return close(alive.error().what);
  if (!opened_ && now >= connect_deadline_) close("esp-tls: select() timeout (0x8006)");
}

void SocketClient::send(ByteView data) {
  if (link_) link_->send(data);
}

void SocketClient::close(std::string reason) {
  link_.reset();
  events_.emplace_back(SocketClosed{std::move(reason)});
}

SocketFactory real_sockets() {
  return [](SocketRequest request, SteadyTime now) { return std::make_unique<SocketClient>(std::move(request), now); };
}

}  // namespace atcert::emulator
