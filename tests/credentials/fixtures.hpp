// SPDX-License-Identifier: Apache-2.0
// The files of data/, which openssl made (data/make.sh), and ways to change them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {

inline NamedFile named(std::string name, std::string_view content) {
  return {std::move(name), Secret(content)};
}

inline std::string text_of(const std::string& name) {
  const Bytes bytes = read_file(std::string(ATCERT_SOURCE_DIR "/tests/credentials/data/") + name, 1 << 20).value();
  return std::string(as_text(bytes));
}

inline NamedFile fixture(const std::string& name) {
  return named(name, text_of(name));
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

inline std::string utf16(std::string_view text, bool little_endian) {
  std::string wide = little_endian ? "\xff\xfe" : "\xfe\xff";
  for (const char c : text) wide += little_endian ? std::string{c, '\0'} : std::string{'\0', c};
  return wide;
}

// Three files that are good, or the same with other options.
inline Credentials good_credentials() {
  return load_files(fixture("rsa.pem"), fixture("rsa.key"), fixture("ca.pem"), {}).value();
}

inline std::string text_of(const Bytes& bytes) {
  return std::string(as_text(bytes));
}

}  // namespace atcert::credentials
