// SPDX-License-Identifier: Apache-2.0
// "rfc2217://HOST:PORT": a serial port behind Telnet whose rate and control lines can be set (RFC 2217): ser2net, a
// terminal server, esp_rfc2217_server. We are the client. The server answers every request with the value in force.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "serial/com_port.hpp"
#include "serial/tcp_stream.hpp"
#include "serial/telnet.hpp"
#include "serial/transport.hpp"

namespace atcert::serial {

class Rfc2217Port final : public Transport {
 public:
  static Result<std::unique_ptr<Rfc2217Port>> open(const std::string& name, const NetworkName& server,
                                                   const Settings& settings, Until until);

  Result<std::size_t> read(std::span<std::uint8_t> into, Until until) override;
  // Waits for as long as the bytes take on the line, since the server takes them faster.
  Result<void> write(ByteView bytes, SteadyTime deadline) override;
  Result<void> discard_input() override;
  Result<unsigned> set_baud_rate(unsigned baud) override;
  Result<void> set_flow_control(bool hardware) override;
  Result<void> set_control_lines(bool dtr, bool rts) override;
  const Traits& traits() const override { return traits_; }
  const std::string& name() const override { return stream_.name(); }

 private:
  explicit Rfc2217Port(TcpStream stream);
  Result<void> set_up(const Settings& settings, Until until);
  Result<void> agree(Until until);

  // What was read and is no data: negotiations are answered, answers kept for who waits for them.
  Result<void> obey();
  Result<void> obey(const telnet::Negotiation& heard);
  void obey(const com_port::Answer& answer);

  // Reads, keeping the data for read(), until `done` or the end of the time. Returns whether it is done.
  Result<bool> wait(const std::function<bool()>& done, Until until);
  Result<void> send(const std::vector<com_port::Answer>& requests);
  // Sends requests together and waits for the answers to all. False: not all came.
  Result<bool> ask(const std::vector<com_port::Answer>& requests, Milliseconds limit);
  // The same of one, for which there must be an answer.
  Result<std::uint32_t> set(com_port::Subject subject, std::uint32_t value);
  Error unanswered(std::string_view command) const;

  TcpStream stream_;
  Traits traits_;
  telnet::Decoder decoder_;
  telnet::Options options_;
  std::map<com_port::Subject, std::uint32_t> in_force_;  // as the server answered
  Secret held_;                                          // read while something else was waited for; it may be a key
  std::size_t held_at_ = 0;
  bool suspended_ = false;
  unsigned baud_ = 0;
  SteadyTime line_free_;  // when all that was written is on the line
};

}  // namespace atcert::serial
