// SPDX-License-Identifier: Apache-2.0
// One run of the tool under an adversity: what the shell sets before it, a signal at a moment, and all that it said.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace atcert::soak {

struct Signal {
  int number = 0;
  Milliseconds after{};  // counted from the moment at which the tool minds signals (SIGKILL: from its start)
};

struct Run {
  std::string program;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::string shell = {};        // commands before, "umask 077"; empty: no shell
  std::string redirection = {};  // of the tool's own streams, ">/dev/full"
  std::optional<Signal> signal = {};
  Milliseconds limit{};

  // As a line for a shell, to reproduce it by hand.
  std::string as_line() const;
};

struct Ending {
  int code = -1;  // 128 + signal
  bool in_time = false;
  Milliseconds took{};
  std::string out;
  std::string err;
};

Ending run(const Run& run);

// Ids of the processes whose command line has `text` in it (Linux), but this one. One that is ending has time to.
std::vector<int> processes_with(const std::string& text);

}  // namespace atcert::soak
