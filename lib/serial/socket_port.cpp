// SPDX-License-Identifier: Apache-2.0
#include "serial/socket_port.hpp"

#include <array>
#include <utility>

#include <fmt/core.h>

namespace atcert::serial {

Result<std::unique_ptr<SocketPort>> SocketPort::open(const std::string& name, const NetworkName& server, Until until) {
  ATCERT_TRY(TcpStream, stream, TcpStream::connect(name, server, until));
  return std::unique_ptr<SocketPort>(new SocketPort(std::move(stream)));
}

SocketPort::SocketPort(TcpStream stream) : stream_(std::move(stream)), traits_(traits_over(stream_)) {
  traits_.rate = false;
  traits_.flow_control = false;
  traits_.control_lines = false;
}

Result<void> SocketPort::discard_input() {
  std::array<std::uint8_t, 1024> dropped;
  for (;;) {
    ATCERT_TRY(const std::size_t, count, read(dropped, std::chrono::steady_clock::now()));
    if (count == 0) return {};
  }
}

Result<unsigned> SocketPort::set_baud_rate(unsigned) {
  return fixed("the baud rate");
}

Result<void> SocketPort::set_flow_control(bool) {
  return fixed("flow control");
}

Result<void> SocketPort::set_control_lines(bool, bool) {
  return fixed("DTR and RTS");
}

Error SocketPort::fixed(const std::string& what) const {
  return {ErrorKind::no_module, "line_fixed", fmt::format("{} of {} cannot be set from here", what, name()),
          "socket:// carries bytes alone", "set it at the server, or use rfc2217:// where the server has it"};
}

}  // namespace atcert::serial
