// SPDX-License-Identifier: Apache-2.0
// Digests as manifests and diffs show them: SHA-256 in lower-case hex.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace atcert::image {

std::string sha256(ByteView bytes);

// Of the DER of the first certificate in PEM text; empty when there is none.
std::string certificate_fingerprint(ByteView pem);

}  // namespace atcert::image
