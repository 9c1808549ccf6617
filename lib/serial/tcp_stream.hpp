// SPDX-License-Identifier: Apache-2.0
// A TCP connection to a serial port server: bytes with deadlines, and its end as "the port is gone".
#pragma once

#include <span>
#include <string>

#include "base/descriptor.hpp"
#include "serial/port_name.hpp"
#include "serial/transport.hpp"

namespace atcert::serial {

class TcpStream {
 public:
  // `name` is the port's, for messages. Asks the resolver, whose own time limits hold, then tries each address. Errors:
  // no_module; interrupted when the wake-up was raised.
  static Result<TcpStream> connect(const std::string& name, const NetworkName& server, Until until);

  // As Transport::read().
  Result<std::size_t> read(std::span<std::uint8_t> into, Until until) const;
  // Returns when the system has taken all of it, to be sent at once.
  Result<void> write(ByteView bytes, SteadyTime deadline) const;

  const std::string& name() const { return name_; }
  Milliseconds round_trip() const { return round_trip_; }  // measured by the connection

 private:
  TcpStream(std::string name, Descriptor socket, Milliseconds round_trip)
      : name_(std::move(name)), socket_(std::move(socket)), round_trip_(round_trip) {}
  Error gone(int error_number) const;

  std::string name_;
  Descriptor socket_;
  Milliseconds round_trip_;
};

// What holds of every line behind TCP: a lost packet is sent again after 200 ms at the soonest (tcp(7), TCP_RTO_MIN),
// and may tear a line apart for so long.
Traits traits_over(const TcpStream& stream);

}  // namespace atcert::serial
