// SPDX-License-Identifier: Apache-2.0
// The vectors of tests/image/data, for the tests of every folder.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace atcert::test {

// The bytes of tests/image/data/<path>; what ends with .gz is unpacked.
Bytes image_data(const std::string& path);

}  // namespace atcert::test
