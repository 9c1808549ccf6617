// SPDX-License-Identifier: Apache-2.0
// What carries the emulated module's MQTT packets: TCP, with TLS on top for schemes 2 to 5. Never blocks.
#pragma once

#include <optional>

#include "base/secret.hpp"
#include "emulator/mqtt_connection.hpp"
#include "emulator/mqtt_socket.hpp"
#include "emulator/tls_engine.hpp"

namespace atcert::emulator {

class MqttLink {
 public:
  // Starts to connect to `instead`, or to what the request says. Borrows the request.
  static Result<MqttLink> connect(const MqttConnectRequest& request, const std::optional<BrokerAddress>& instead);

  int descriptor() const { return socket_.descriptor(); }
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

  MqttLink(const MqttConnectRequest& request, MqttSocket socket) : request_(&request), socket_(std::move(socket)) {}

  Result<void> finish_connect();
  Result<void> shake_hands();
  Result<void> receive();
  Result<void> decrypt();
  void flush();

  const MqttConnectRequest* request_;
  MqttSocket socket_;
  std::optional<TlsEngine> tls_;
  State state_ = State::connecting;
  Secret unsent_;  // without TLS a password is among it
  Bytes received_;
};

}  // namespace atcert::emulator
