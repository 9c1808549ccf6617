// SPDX-License-Identifier: Apache-2.0
// Credentials as plain values, for whoever renders them for people or as JSON. Nothing in them is secret.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "credentials/credentials.hpp"

namespace atcert::credentials {

struct ItemDescription {
  std::string item;                                        // "certificate", "key" or "ca"
  std::string source;                                      // the file
  std::size_t size = 0;                                    // bytes of PEM that go into the module
  std::vector<std::pair<std::string, std::string>> facts;  // stable names: "subject", "not_after", "sha256"...
};

std::vector<ItemDescription> describe(const Credentials& credentials);

// "2049-12-31T23:59:59Z"
std::string to_text(Date date);

}  // namespace atcert::credentials
