// SPDX-License-Identifier: Apache-2.0
#include "emulator/pty_line.hpp"

// The kernel's own header and not <termios.h>: the two declare the same names, and only this one has termios2.
#include <asm/termbits.h>
#include <sys/ioctl.h>

namespace atcert::emulator {

bool make_raw_line(int fd, int baud_rate) {
  termios2 settings{};
  if (ioctl(fd, TCGETS2, &settings) != 0) return false;
  settings.c_iflag = 0;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  settings.c_cflag = CREAD | CLOCAL | CS8 | BOTHER | (BOTHER << IBSHIFT);
  settings.c_ispeed = static_cast<speed_t>(baud_rate);
  settings.c_ospeed = static_cast<speed_t>(baud_rate);
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  return ioctl(fd, TCSETS2, &settings) == 0;
}

int line_baud_rate(int fd) {
  termios2 settings{};
  return ioctl(fd, TCGETS2, &settings) == 0 ? static_cast<int>(settings.c_ospeed) : 0;
}

}  // namespace atcert::emulator
