// SPDX-License-Identifier: Apache-2.0
// What must be in no output and no leftover file: any 16 characters in a row of a private key, as base64 or hex, any 16
// bytes of it as they are, and the Wi-Fi password. What the certificates have too (the public key) is no secret.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace atcert::soak {

class SecretWatch {
 public:
  // PEM texts.
  SecretWatch(const std::vector<std::string>& keys, const std::vector<std::string>& certificates,
              std::string password_core);

  // What of a secret is in `text`, as words for a person and without the secret; empty when nothing is.
  std::string found_in(std::string_view text) const;

 private:
  bool has_window(std::string_view text) const;

  std::unordered_set<std::string> windows_;
  std::string password_core_;  // the part of the password that no quoting changes
};

}  // namespace atcert::soak
