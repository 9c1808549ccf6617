// SPDX-License-Identifier: Apache-2.0
// Random bytes of the system. There is no other source to fall back on: without them a job ends.
#pragma once

#include <sys/random.h>

#include <cstdint>
#include <span>
#include <string>

#include "base/result.hpp"

namespace atcert {

// As getrandom(2): how many bytes it gave, or -1 with errno.
using RandomSource = ssize_t (*)(void* room, std::size_t size, unsigned flags);

Result<void> fill_random(std::span<std::uint8_t> room, RandomSource source = getrandom);

// What makes a name or a message unlike every other: 16 hex digits.
Result<std::string> new_nonce(RandomSource source = getrandom);

}  // namespace atcert
