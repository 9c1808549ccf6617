// SPDX-License-Identifier: Apache-2.0
// The line settings of a pseudo-terminal, of which either descriptor tells: those that the program has set which opened
// it as a serial port. By Linux's termios2, which knows any rate.
#pragma once

namespace atcert::emulator {

// No echo, no line discipline, at this rate. False: errno says why.
bool make_raw_line(int fd, int baud_rate);

// The rate that is set there; 0: none can be told.
int line_baud_rate(int fd);

}  // namespace atcert::emulator
