// SPDX-License-Identifier: Apache-2.0
// A connection of AT+CIPSTART as its AT side sees it. The real one is socket_client.hpp; tests and fuzzers bring their
// own. One thread uses a connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "emulator/names.hpp"
#include "emulator/pollable.hpp"
#include "emulator/tls_engine.hpp"

namespace atcert::emulator {

struct SocketRequest {
  Route route;
  bool tls = false;
  TlsSettings settings;  // of TLS; its credentials are the ones below
  Secret ca;
  Secret certificate;
  Secret key;
  Milliseconds timeout{10'000};
};

struct SocketOpened {
  std::uint16_t local_port;
};
struct SocketReceived {
  Bytes data;
};
// It is the last event.
struct SocketClosed {
  std::string reason;  // in the words of the module's log port
};
using SocketEvent = std::variant<SocketOpened, SocketReceived, SocketClosed>;

class SocketConnection : public Pollable {
 public:
  // What happened since the last call, in order.
  virtual std::vector<SocketEvent> take_events() = 0;
  // Only between SocketOpened and SocketClosed.
  virtual void send(ByteView data) = 0;
};

using SocketFactory = std::function<std::unique_ptr<SocketConnection>(SocketRequest, SteadyTime now)>;

}  // namespace atcert::emulator
