// SPDX-License-Identifier: Apache-2.0
// The certificates in a file by their fingerprints alone, for going through many files fast: nothing in a certificate
// is read, no key is decoded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/named_file.hpp"

namespace atcert::credentials {

// Each once. Nothing where that takes a closer look: a file that is no plain PEM.
std::optional<std::vector<std::string>> quick_fingerprints(const NamedFile& file);

}  // namespace atcert::credentials
