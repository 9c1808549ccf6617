// SPDX-License-Identifier: Apache-2.0
// Fault::full_store: an NVS partition in which no room is left.
#pragma once

#include "emulator/flash_map.hpp"
#include "emulator/flash_memory.hpp"

namespace atcert::emulator {

// Adds items of a namespace of its own until not even the smallest fits; what is there stays.
void fill_store(FlashMemory& flash, const Partition& partition);

}  // namespace atcert::emulator
