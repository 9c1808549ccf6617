// SPDX-License-Identifier: Apache-2.0
// Fingerprints of certificates, as diffs show them.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace atcert::image {

// The SHA-256 of the DER of the first certificate in PEM text; empty when there is none.
std::string certificate_fingerprint(ByteView pem);

}  // namespace atcert::image
