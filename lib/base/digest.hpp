// SPDX-License-Identifier: Apache-2.0
// SHA-256, as fingerprints, manifests and diffs show it, and MD5, which ESP-IDF puts under partition tables.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace atcert {

// In lower-case hex.
std::string sha256(ByteView bytes);

std::array<std::uint8_t, 16> md5(ByteView bytes);

}  // namespace atcert
