// SPDX-License-Identifier: Apache-2.0
// Looks for secrets in what a program has put out, by other means than the library's own.
#pragma once

#include <string>

namespace atcert::test {

// The base64 of a PEM, in one piece.
std::string base64_of(const std::string& pem);

// The bytes of `text` in lower-case hex.
std::string hex_of(const std::string& text);

// Whether `length` characters of `secret` in a row are to be seen in `text`, whatever stands between them. All
// but letters, digits, plus and slash stands between.
bool gives_away(const std::string& text, const std::string& secret, std::size_t length = 16);

// Whether 16 characters of the key are: of its base64, or of the hex of its PEM.
bool gives_away_key(const std::string& text, const std::string& pem);

}  // namespace atcert::test
