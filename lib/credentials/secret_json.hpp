// SPDX-License-Identifier: Apache-2.0
// Private to this folder: the strings and numbers in a JSON text (RFC 8259) that holds secrets. A JSON library would
// leave copies of a private key in memory that nobody wipes, and quotes the text in its messages; this reader does
// neither.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace atcert::credentials {

struct JsonString {
  // The names down to it: "keyPair.PrivateKey", "list[0].name". A '.', '[' or '\\' in a name has a '\\' before it. "."
  // where a name is empty, or they are longer than any that are looked for.
  std::string path;
  Secret value;
};

struct JsonNumber {
  std::string path;
  std::string text;  // as it is written; a number is no secret
};

struct SecretJson {
  std::vector<JsonString> strings;   // as far as the text could be read
  std::vector<JsonNumber> numbers;   // likewise
  std::optional<std::string> error;  // "is not JSON from byte 5 on"; of the text it tells nothing

  // The string at `path`, or null.
  const Secret* find(std::string_view path) const;

  // Whether there is a text that is not empty, or a number.
  bool has(std::string_view path) const;

  // The string or number at `path` as text, for what is no secret; empty when there is none.
  // Never PEM, which may be a key: that stays in its Secret.
  std::string text_at(std::string_view path) const;
};

SecretJson read_secret_json(std::string_view text);

}  // namespace atcert::credentials
