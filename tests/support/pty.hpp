// SPDX-License-Identifier: Apache-2.0
// A pseudo-terminal as its maker has it: the test holds one end, the port under test opens the other.
#pragma once

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <string>

#include <doctest/doctest.h>

namespace atcert::test {

struct Pty {
  Pty() : master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    REQUIRE(master >= 0);
    REQUIRE(grantpt(master) == 0);
    REQUIRE(unlockpt(master) == 0);
    std::array<char, 64> path{};
    REQUIRE(ptsname_r(master, path.data(), path.size()) == 0);
    name = path.data();
  }
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;
  ~Pty() { hang_up(); }

  void hang_up() {
    if (master >= 0) close(master);
    master = -1;
  }

  int master = -1;
  std::string name;
};

}  // namespace atcert::test
