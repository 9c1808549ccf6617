// SPDX-License-Identifier: Apache-2.0
// Which processes have a serial device open or locked, as far as /proc lets us see (proc(5)): the descriptors of our
// own processes, and the locks of everybody's. A process that made itself undumpable, as atcert does, hides its
// descriptors even from its own user; its lock is seen.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace atcert::serial {

struct Holder {
  pid_t process = 0;
  std::string program;  // "minicom"

  bool operator==(const Holder&) const = default;
};

// By all names of the device; this process too, if it is one of them. Of a pseudo-terminal the process at its other end
// is no holder.
std::vector<Holder> holders_of(const std::string& name);

// The same without this process.
std::vector<Holder> others_at(const std::string& name);

// "minicom (process 4711), atcert (process 4712)".
std::string in_words(const std::vector<Holder>& holders);

bool is_pseudo_terminal(dev_t device);

}  // namespace atcert::serial
