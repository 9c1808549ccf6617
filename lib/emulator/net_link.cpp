// SPDX-License-Identifier: Apache-2.0
#include "emulator/net_link.hpp"

#include <poll.h>

#include <array>

#include "emulator/tls_error.hpp"

namespace atcert::emulator {
namespace {

// mbedtls/ssl.h, net_sockets.h
constexpr unsigned kEndOfFile = 0x7280;
constexpr unsigned kConnectionReset = 0x0050;

constexpr std::size_t kReadSize = 16'384;  // a TLS record

Error closed(std::string what) {
  return {ErrorKind::cloud, "closed", std::move(what), {}, {}};
}

}  // namespace

Result<NetLink> NetLink::connect(const Route& route, std::optional<TlsSettings> tls) {
  ATCERT_TRY(NetSocket, socket, NetSocket::connect(route.address, route.given));
  return NetLink(std::move(tls), std::move(socket));
}

short NetLink::poll_events() const {
  if (state_ == State::connecting) return POLLOUT;
  return unsent_.empty() ? POLLIN : POLLIN | POLLOUT;
}

Result<void> NetLink::advance() {
  if (state_ == State::connecting) ATCERT_CHECK(finish_connect());
  if (state_ == State::connecting) return {};
  auto ended = receive();
  // An alert that came before the end says more than the end.
  if (state_ == State::handshaking) ATCERT_CHECK(shake_hands());
  if (state_ == State::open && tls_) ATCERT_CHECK(decrypt());
  flush();
  return ended;
}

Result<void> NetLink::finish_connect() {
  ATCERT_TRY(const bool, connected, socket_.connected());
  if (!connected) return {};
  state_ = State::open;
  if (!settings_) return {};
  // As on the module: the credentials are parsed when TCP stands.
  ATCERT_TRY(TlsEngine, engine, TlsEngine::create(*settings_));
  tls_.emplace(std::move(engine));
  state_ = State::handshaking;
  return {};
}

Result<void> NetLink::shake_hands() {
  const auto done = tls_->handshake();
  unsent_.append(tls_->take_output());
  flush();  // also the alert that goes with an error
  if (!done) return done.error();
  if (*done) state_ = State::open;
  return {};
}

Result<void> NetLink::receive() {
  std::array<std::uint8_t, kReadSize> part;
  for (;;) {
    const auto count = socket_.read(part);
    if (count && *count && **count == 0) return {};
    if (count && *count) {
      const ByteView bytes = ByteView(part).first(**count);
      if (tls_) {
        tls_->feed(bytes);
      } else {
        received_.insert(received_.end(), bytes.begin(), bytes.end());
      }
      continue;
    }
    if (state_ == State::handshaking) {
      return mbedtls_error("mbedtls_ssl_handshake", count ? kEndOfFile : kConnectionReset);
    }
    return closed("mqtt_message_receive: transport_read() EOF");
  }
}

// Until there is no more, for the end may have come with the last data.
Result<void> NetLink::decrypt() {
  for (;;) {
    auto plain = tls_->read();
    unsent_.append(tls_->take_output());  // alerts
    if (!plain) return closed("mqtt_message_receive: transport_read() EOF");
    if (plain->empty()) return {};
    received_.insert(received_.end(), plain->begin(), plain->end());
  }
}

void NetLink::send(ByteView packet) {
  if (tls_) {
    tls_->write(packet);
    unsent_.append(tls_->take_output());
  } else {
    unsent_.append(packet);
  }
  flush();
}

void NetLink::flush() {
  if (unsent_.empty()) return;
  const std::size_t sent = socket_.write(unsent_.reveal());
  unsent_ = Secret(unsent_.reveal().subspan(sent));
}

}  // namespace atcert::emulator
