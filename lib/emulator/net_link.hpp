// SPDX-License-Identifier: Apache-2.0
// What carries the bytes of the emulated module's connections: TCP, with TLS on top where it is asked for. Never
// blocks.
#pragma once

#include <optional>

#include "base/secret.hpp"
#include "emulator/names.hpp"
#include "emulator/net_socket.hpp"
#include "emulator/tls_engine.hpp"

namespace atcert::emulator {

class NetLink {
 public:
  // Starts to connect. Borrows the credentials of the settings.
  static Result<NetLink> connect(const Route& route, std::optional<TlsSettings> tls);

  int descriptor() const { return socket_.descriptor(); }
  std::uint16_t local_port() const { return socket_.local_port(); }
  short poll_events() const;

  // Connected, and shaken hands where there is TLS.
  bool open() const { return state_ == State::open; }
  // TCP stands; for the difference between a broker that is not there and one that refuses.
  bool connecting() const { return state_ == State::connecting; }

  // Does what can be done now. After an error, in the words of the module's log port, the link is dead; what was
  // received before it can still be taken.
  Result<void> advance();

  // Only when open.
  void send(ByteView packet);
  Bytes take_received() { return std::exchange(received_, {}); }

 private:
  enum class State { connecting, handshaking, open };

  NetLink(std::optional<TlsSettings> tls, NetSocket socket) : settings_(std::move(tls)), socket_(std::move(socket)) {}

  Result<void> finish_connect();
  Result<void> shake_hands();
  Result<void> receive();
  Result<void> decrypt();
  void flush();

  std::optional<TlsSettings> settings_;
  NetSocket socket_;
  std::optional<TlsEngine> tls_;
  State state_ = State::connecting;
  Secret unsent_;  // without TLS a password is among it
  Bytes received_;
};

}  // namespace atcert::emulator
