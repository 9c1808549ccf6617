// SPDX-License-Identifier: Apache-2.0
#include "serial/open.hpp"

#include <functional>
#include <utility>

#include "serial/port_name.hpp"
#include "serial/rfc2217_port.hpp"
#include "serial/serial_port.hpp"
#include "serial/socket_port.hpp"

namespace atcert::serial {
namespace {

constexpr Milliseconds kConnectLimit{5'000};

using Opened = Result<std::unique_ptr<Transport>>;

template <typename Port>
Opened as_transport(Result<std::unique_ptr<Port>> port) {
  if (!port) return std::move(port).error();
  return Opened(std::move(*port));
}

}  // namespace

Result<std::unique_ptr<Transport>> open(const std::string& name, const Settings& settings, std::stop_token stop) {
  ATCERT_TRY(const PortName, parsed, parse_port_name(name));
  const auto* server = std::get_if<NetworkName>(&parsed);
  if (server == nullptr) return as_transport(SerialPort::open(name, settings));
  const WakeUp wake;
  const std::stop_callback raise(std::move(stop), [&wake] { wake.raise(); });
  const Until until(std::chrono::steady_clock::now() + kConnectLimit, wake);
  if (server->protocol == NetworkName::Protocol::socket) return as_transport(SocketPort::open(name, *server, until));
  return as_transport(Rfc2217Port::open(name, *server, settings, until));
}

}  // namespace atcert::serial
