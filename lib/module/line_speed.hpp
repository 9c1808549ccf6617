// SPDX-License-Identifier: Apache-2.0
// The rate of the line between the module and us. For a transfer it is raised at both ends (AT+UART_CUR, which a reset
// undoes), proven by exchanges before it is used, lowered on errors and put back in the end. The module answers at the
// old rate and changes then; bytes that reach it in between may be lost (esp-at, components/at/src/at_uart_cmd.c).
#pragma once

#include <optional>
#include <string_view>

#include "at/session.hpp"
#include "base/result.hpp"

namespace atcert::module {

// How a transfer is to run.
struct Speed {
  static constexpr unsigned kKeep = 0;

  unsigned rate = 921'600;    // at most; kKeep: the rate stays
  bool flow_control = false;  // RTS and CTS hold the line
};

// The parameters of AT+UART_CUR: data bits, stop bits (1, 2 for 1.5, 3 for 2), parity, flow control.
struct Uart {
  unsigned rate = 0;
  unsigned data_bits = 8;
  unsigned stop_bits = 1;
  unsigned parity = 0;
  unsigned flow = 0;
};

// +UART_CUR:115273,8,1,0,0; nothing when `line` is no such line. The rate is the divided one, and is given as the
// common one that it stands for.
std::optional<Uart> parse_uart(std::string_view line);

class LineSpeed {
 public:
  // To the highest rate that both ends have and that is proven; returns whether there is one above that of before.
  // Errors: the line or the module is lost.
  Result<bool> raise(at::Session& session, const Speed& speed);

  // After errors at this rate: finds the module again, at this rate or at that of before if it has restarted, and goes
  // on one step lower.
  Result<void> step_down(at::Session& session);

  bool raised() const { return before_.has_value(); }
  unsigned rate() const { return now_.rate; }  // in force; 0: the module was not asked, or does not say

  // As it was before raise(). Fails when the module cannot be reached at that rate again.
  Result<void> put_back(at::Session& session);

 private:
  Result<bool> raise_to(at::Session& session, unsigned rate);
  Result<bool> change(at::Session& session, const Uart& to);
  Result<void> fall_back(at::Session& session, const Uart& from);
  Result<bool> proven(at::Session& session, int answers);

  std::optional<Uart> before_;  // while something is changed
  Uart now_;
  bool flow_control_ = false;
};

}  // namespace atcert::module
