// SPDX-License-Identifier: Apache-2.0
// Private to this folder: credentials that stand in a program's source, as examples for Arduino and FreeRTOS have them
// (aws_clientcredential_keys.h, secrets.h): string literals of C and C++ with escapes, continued lines and neighbours
// that belong together, raw literals, and arrays of bytes as xxd and brssl write them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace atcert::credentials {

struct SourceText {
  Secret text;                 // what the literals hold, a line end where others begin
  std::vector<Secret> arrays;  // what arrays of bytes hold that are no text
};

// What the literals of `source` hold; none when no credentials are among them.
std::optional<SourceText> read_c_source(std::string_view source);

}  // namespace atcert::credentials
