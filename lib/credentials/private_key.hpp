// SPDX-License-Identifier: Apache-2.0
// Private to this folder: private keys in DER as the plain facts of credentials.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "credentials/credentials.hpp"

namespace atcert::credentials {

struct PrivateKey {
  KeyFacts facts;
  std::string form;         // "PKCS#1", "SEC1" or "PKCS#8"
  bool consistent = false;  // its numbers fit together: the key is not damaged
  Secret rewritten;         // the same key in a form that the firmware reads; empty where it reads what is there
  std::string reason;       // why it was rewritten
};

// The PEM label under which Mbed TLS looks for a private key of this form.
std::string label_of_form(std::string_view form);

// The private key that fills `der`; none when there is none.
std::optional<PrivateKey> read_private_key(ByteView der);

}  // namespace atcert::credentials
