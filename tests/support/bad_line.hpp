// SPDX-License-Identifier: Apache-2.0
// A serial line between the tool and a module that does what bad lines do: what is sent comes back (an adapter with
// local echo, TX coupled into RX), whole or damaged, bytes are lost, or the module says a secret of itself. A thread of
// its own carries the bytes while this lives.
#pragma once

#include <string>
#include <string_view>
#include <thread>

#include "base/descriptor.hpp"
#include "emulator/pty.hpp"

namespace atcert::test {

enum class LineFault {
  echo,
  echo_without_first_byte,  // of each write
  echo_with_busy_inside,    // of each write
  echo_in_short_lines,      // of 15 characters
  echo_in_hex,
  secret_in_gmr,            // the reply to AT+GMR has the secret in it
  ten_bytes_of_a_key_lost,  // when it is written first
  ten_bytes_of_keys_lost,   // whenever it is written
};

class BadLine {
 public:
  BadLine(const std::string& module_port, LineFault fault, std::string secret);
  ~BadLine();

  const std::string& port() const { return pty_.path(); }

 private:
  void carry();
  void follow_rate() const;
  std::string echo_of(std::string_view sent) const;
  std::string reply_of(std::string said) const;
  std::string arriving(std::string sent);

  emulator::Pty pty_;
  Descriptor module_;
  Descriptor stop_;
  LineFault fault_;
  std::string secret_;
  bool lost_ = false;  // bytes were
  std::thread thread_;
};

}  // namespace atcert::test
