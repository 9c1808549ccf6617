// SPDX-License-Identifier: Apache-2.0
// The certificates and keys of data/odd_forms.txt.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "credentials/fixtures.hpp"
#include "credentials/pem.hpp"

namespace atcert::credentials {

struct OddForm {
  std::string kind;  // "certificate" or "key"
  std::string name;
  Secret der;
};

inline std::vector<OddForm> odd_forms() {
  std::istringstream in(text_of("odd_forms.txt"));
  std::vector<OddForm> forms;
  std::string kind;
  std::string name;
  std::string base64;
  while (in >> kind >> name >> base64) forms.push_back({kind, name, decode_base64(base64)});
  return forms;
}

// In PEM.
inline std::string odd_certificate(const std::string& name) {
  for (const OddForm& form : odd_forms()) {
    if (form.kind != "certificate" || form.name != name) continue;
    return std::string(write_pem("CERTIFICATE", form.der.reveal()).reveal_text());
  }
  return {};
}

}  // namespace atcert::credentials
