// SPDX-License-Identifier: Apache-2.0
// Private to this folder: the strings in a JSON text (RFC 8259) that holds secrets. A JSON library would leave copies
// of a private key in memory that nobody wipes, and quotes the text in its messages; this reader does neither.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace atcert::credentials {

struct JsonString {
  std::string path;  // the names down to it: "keyPair.PrivateKey"; the elements of an array have none
  Secret value;
};

struct SecretJson {
  std::vector<JsonString> strings;
  std::optional<std::size_t> error_offset;  // where the text stops being JSON

  // The string at `path`, or null.
  const Secret* find(std::string_view path) const;
};

SecretJson read_secret_json(std::string_view text);

}  // namespace atcert::credentials
