// SPDX-License-Identifier: Apache-2.0
// Faults of the line and of the side of the chip that faces it: what becomes of the bytes between the UART's pins and
// the firmware's AT port.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "emulator/faults.hpp"

namespace atcert::emulator {

class LineFaults {
 public:
  LineFaults(FaultSet& faults, const Clock& clock);

  // What the AT port gets of what came.
  Bytes incoming(ByteView chunk);
  // What goes out of what the AT port said.
  Bytes outgoing(Bytes said);
  // The baud rate has changed.
  void rate_changed();
  // When passthrough mode may end.
  std::optional<SteadyTime> deadline() const { return escape_at_; }
  void advance();

 private:
  bool deaf() const;
  void watch_for_escape(ByteView chunk);
  void disturb(Bytes& bytes, std::uint32_t& chance) const;

  FaultSet& faults_;
  const Clock& clock_;
  Bytes own_words_;  // what the line itself says
  std::uint32_t incoming_chance_ = 1;
  std::uint32_t outgoing_chance_ = 2;
  bool stray_is_zero_ = true;
  std::size_t to_lose_ = 0;
  bool passthrough_;
  Bytes escape_;
  SteadyTime last_byte_{};
  std::optional<SteadyTime> escape_at_;
};

}  // namespace atcert::emulator
