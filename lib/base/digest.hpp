// SPDX-License-Identifier: Apache-2.0
// SHA-256, as fingerprints, manifests and diffs show it.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace atcert {

// In lower-case hex.
std::string sha256(ByteView bytes);

}  // namespace atcert
