// SPDX-License-Identifier: Apache-2.0
// What a UART reads when the other side sends at another rate, or with other data bits or parity: the levels on the
// wire, sampled in the middle of the bits that the receiver believes in. Rates that are near enough are read right.
#pragma once

#include "base/bytes.hpp"
#include "emulator/uart.hpp"

namespace atcert::emulator {

// `sent` goes out without gaps on a line that is idle before and after. Wrong stop bits are read over, as the drivers
// of both sides do: a byte with a framing error is a byte.
Bytes as_heard(ByteView sent, const Uart& sender, const Uart& receiver);

}  // namespace atcert::emulator
