// SPDX-License-Identifier: Apache-2.0
// An emulated module in a process: on a pseudo-terminal, with its flash in a file and real sockets, in one thread with
// one poll loop. Only request_stop() of the token may come from elsewhere.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "emulator/flash_file.hpp"
#include "emulator/module.hpp"
#include "emulator/pacer.hpp"
#include "emulator/pty.hpp"

namespace atcert::emulator {

struct HostOptions {
  std::string link;        // a symbolic link to the port; empty: none
  std::string flash_file;  // empty: a blank flash that is gone at the end
  unsigned pace = 0;       // speed of the line at 115200 baud, and at other rates theirs; 0: as fast as it goes
};

class Host {
 public:
  // Powers the module on; it speaks when run() is called. Connections go to options.broker, if that is given.
  static Result<std::unique_ptr<Host>> open(Options options, HostOptions host_options);

  // The port's own name: "/dev/pts/7".
  const std::string& port() const { return port_; }
  // Runs until `stop` is requested. An error: the flash file cannot be written, or the loop itself fails.
  Result<void> run(const std::stop_token& stop);

 private:
  Host(HostOptions options, std::unique_ptr<FlashFile> file, std::unique_ptr<FlashMemory> flash, Descriptor wake);

  Result<void> wait();
  std::chrono::nanoseconds wait_limit(SteadyTime now) const;
  void take_input();
  void give_output();
  void follow_plug();
  Result<void> plug_in();
  std::size_t output_allowance(SteadyTime now) const;
  std::size_t send(ByteView bytes);
  Uart other_side() const;
  unsigned pace_of(const Uart& uart) const;

  HostOptions options_;
  SystemClock clock_;
  std::optional<Pty> pty_;  // none while it is unplugged
  PortLink link_;
  std::unique_ptr<FlashFile> file_;  // one of the two
  std::unique_ptr<FlashMemory> flash_;
  Descriptor wake_;  // eventfd
  std::unique_ptr<Module> module_;
  Uart uart_;  // the module's, as far as its last byte has gone out
  Pacer input_;
  Pacer output_;
  Bytes pending_;  // output that has not gone out yet
  SteadyTime sent_at_{};
  std::string port_;
  std::optional<SteadyTime> plug_in_at_;
};

}  // namespace atcert::emulator
