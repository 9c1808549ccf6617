// SPDX-License-Identifier: Apache-2.0
// What the name of a port says, as pyserial and the tools built on it have them: a device, "socket://HOST:PORT" for
// bytes over TCP, "rfc2217://HOST:PORT" for Telnet with RFC 2217. An IPv6 address stands in brackets.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/result.hpp"

namespace atcert::serial {

struct DeviceName {
  std::string path;
};

struct NetworkName {
  enum class Protocol { socket, rfc2217 };

  Protocol protocol = Protocol::socket;
  std::string host;
  std::uint16_t port = 0;
};

using PortName = std::variant<DeviceName, NetworkName>;

// Errors are of kind usage.
Result<PortName> parse_port_name(const std::string& text);

}  // namespace atcert::serial
