// SPDX-License-Identifier: Apache-2.0
// Test data, and a second reader of NVS for the tests: written from ESP-IDF's documentation of the format alone
// (Programming Guide, "Non-Volatile Storage Library", "Internals"), it shares no code with lib/image.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace atcert::image {

// The bytes of tests/image/data/<path>; what ends with .gz is unpacked.
Bytes test_data(const std::string& path);

namespace independent {

struct Value {
  std::uint8_t type = 0;
  std::string bytes;
  friend bool operator==(const Value&, const Value&) = default;
};

struct Partition {
  std::map<std::pair<std::string, std::string>, Value> values;  // by namespace and key
  std::vector<std::uint32_t> states;                            // of the pages
};

// Reads an image in which nothing may be wrong; throws std::runtime_error at the first fault.
Partition read(ByteView image);

}  // namespace independent
}  // namespace atcert::image
