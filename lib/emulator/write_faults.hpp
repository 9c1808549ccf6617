// SPDX-License-Identifier: Apache-2.0
// What a write leaves in flash when the module is told to fail at it.
#pragma once

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "emulator/faults.hpp"

namespace atcert::emulator {

inline bool refuses_writes(const FaultSet& faults) {
  return faults.has(Fault::write_refused) || faults.has(Fault::refused_after_erase);
}

inline Secret with_write_faults(ByteView data, const FaultSet& faults) {
  Secret written(data);
  if (faults.has(Fault::short_write)) written.shrink(data.size() / 2);
  if (faults.has(Fault::bit_flip) && !written.empty()) written.writable()[written.size() / 2] ^= 1;
  return written;
}

}  // namespace atcert::emulator
