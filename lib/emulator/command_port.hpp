// SPDX-License-Identifier: Apache-2.0
// The AT port of the module: bytes of the UART in, command lines out to the command table, replies and data phases back
// (ESP-AT, AT Command Types and Basic AT Commands; the rules for chunks are those of at_recv_task in the object code of
// ESP-AT 4.1.1.0). It knows nothing of any command.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "emulator/command.hpp"
#include "emulator/command_line.hpp"
#include "emulator/faults.hpp"

namespace atcert::emulator {

enum class Prompt {
  plain,   // ">" alone, as AT+SYSFLASH has it
  result,  // OK and ">"
};

// What becomes of the bytes that come in one chunk with the end of a data phase: most commands answer "busy p...",
// AT+SYSFLASH leaves them to be parsed behind its result.
enum class Surplus { busy, parsed };

class CommandPort {
 public:
  struct Settings {
    bool queue_busy_lines = false;          // a line that is answered "busy p..." is executed all the same
    unsigned busy_every = 0;                // answers every n-th command "busy p..." first; 0: never
    bool drop_busy_command = false;         // and does not execute it (espressif/esp-at#388)
    bool hang_in_data = false;              // a data phase never ends
    unsigned lossy_data_phase = 0;          // the n-th data phase loses some of its bytes; 0: none does
    bool double_cr = false;                 // lines end with two carriage returns
    bool no_ok = false;                     // OK is never printed
    std::optional<PromptForm> prompt = {};  // another one than the firmware's
    Milliseconds delay{0};                  // of every result
    std::function<void()> around_result = {};
    std::function<void(Milliseconds, std::function<void()>)> later = {};
  };
  using Runner = std::function<Outcome(const CommandLine&)>;
  using DataHandler = std::function<Outcome(Secret)>;

  CommandPort(Settings settings, Runner run, std::function<void()> force_restart)
      : settings_(settings), run_(std::move(run)), force_restart_(std::move(force_restart)) {}

  // What the UART brought in one piece.
  void receive(ByteView chunk);
  Bytes take_output() { return std::exchange(output_, {}); }

  void print(std::string_view text);
  void print(ByteView bytes) { output_.insert(output_.end(), bytes.begin(), bytes.end()); }
  // Prints an `ERR CODE` line if AT+SYSLOG=1.
  void print_error(std::uint32_t code);

  // The running command ends.
  void finish(Outcome outcome);
  // The running command goes into a data phase; `handler` gets exactly `size` bytes, however long they take to come.
  Outcome collect(std::size_t size, Prompt prompt, Surplus surplus, DataHandler handler);

  void set_echo(bool on) { echo_ = on; }
  bool syslog() const { return syslog_; }
  void set_syslog(bool on) { syslog_ = on; }

 private:
  enum class State { idle, running, data };

  ByteView take_line(ByteView chunk);
  void take_whole_line(ByteView line);
  void take_unfinished_line();
  ByteView take_data(ByteView chunk);
  void refuse(ByteView chunk);
  void run_next();
  void end_command(Outcome outcome);
  void print_result(Outcome outcome);
  void print_prompt(Prompt prompt);
  void echo(ByteView bytes);

  Settings settings_;
  Runner run_;
  std::function<void()> force_restart_;
  State state_ = State::idle;
  bool echo_ = true;
  bool syslog_ = false;
  unsigned command_count_ = 0;
  unsigned data_phase_count_ = 0;
  std::size_t data_to_lose_ = 0;
  Secret line_;                    // what has come of the next line; it may hold a password
  Secret queued_;                  // for when the running command has ended
  std::vector<CommandLine> next_;  // at most one: the command that is about to run
  Secret data_;
  std::size_t data_size_ = 0;
  Surplus surplus_ = Surplus::busy;
  DataHandler data_handler_;
  Bytes output_;
};

}  // namespace atcert::emulator
