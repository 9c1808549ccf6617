// SPDX-License-Identifier: Apache-2.0
// "socket://HOST:PORT": the bytes of a serial port over TCP, as ser2net's raw mode, an emulator or a simple fixture
// gives them. Whoever is at the other end has set rate and control lines.
#pragma once

#include <memory>
#include <string>

#include "serial/tcp_stream.hpp"
#include "serial/transport.hpp"

namespace atcert::serial {

class SocketPort final : public Transport {
 public:
  static Result<std::unique_ptr<SocketPort>> open(const std::string& name, const NetworkName& server, Until until);

  Result<std::size_t> read(std::span<std::uint8_t> into, Until until) override { return stream_.read(into, until); }
  Result<void> write(ByteView bytes, SteadyTime deadline) override { return stream_.write(bytes, deadline); }
  Result<void> discard_input() override;
  Result<unsigned> set_baud_rate(unsigned baud) override;
  Result<void> set_flow_control(bool hardware) override;
  Result<void> set_control_lines(bool dtr, bool rts) override;
  const Traits& traits() const override { return traits_; }
  const std::string& name() const override { return stream_.name(); }

 private:
  explicit SocketPort(TcpStream stream);
  Error fixed(const std::string& what) const;

  TcpStream stream_;
  Traits traits_;
};

}  // namespace atcert::serial
