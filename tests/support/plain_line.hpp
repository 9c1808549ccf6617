// SPDX-License-Identifier: Apache-2.0
// The other side of a serial line as a program has it that knows nothing of AT: a second opinion on what a module says.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/descriptor.hpp"

namespace atcert::test {

class PlainLine {
 public:
  // A port that cannot be opened: open() is false, and nothing comes.
  explicit PlainLine(const std::string& port);

  bool open() const { return port_.open(); }
  void set_baud_rate(int rate) const;
  void send(std::string_view text) const;
  // What comes up to and with `end`, or in so long.
  std::string read_to(std::string_view end, Milliseconds limit = std::chrono::seconds(5)) const;
  // What comes in one piece.
  std::string read_some(Milliseconds limit = std::chrono::seconds(5)) const;

 private:
  Descriptor port_;
};

}  // namespace atcert::test
