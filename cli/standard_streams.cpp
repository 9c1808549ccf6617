// SPDX-License-Identifier: Apache-2.0
#include "standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace atcert::cli {

bool open_missing_streams() {
  // What is printed as a result fails to be written; what is said to nobody is lost.
  constexpr int kModes[] = {O_RDONLY, O_RDONLY, O_WRONLY};
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    // The lowest free number is this one: those below it are open.
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", kModes[stream]) != stream) return false;
  }
  return true;
}

}  // namespace atcert::cli
