// SPDX-License-Identifier: Apache-2.0
// Keys and certificates of odd forms, made by hand in DER and with OpenSSL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace atcert::test {

// A DER element with what is in it.
std::string der(char tag, std::string_view content);
std::string pem(const std::string& label, std::string_view der);
// What is between the BEGIN and END lines.
std::string from_pem(std::string_view pem);

enum class KeyForm { traditional, pkcs8 };
// A new key in DER, on that curve as OpenSSL names it; "RSA" is one of 2048 bits.
std::string key_der(const std::string& kind, KeyForm form);
// A new key in PEM that has attributes behind it.
std::string pkcs8_with_attributes(const std::string& kind);

struct Extension {
  std::string oid;  // "2.5.29.14"
  bool critical;
  std::string value;  // DER
};

struct Identity {
  std::string certificate;  // PEM
  std::string key;          // PEM
};
// With a new key of that kind.
Identity self_signed(const std::string& kind, const std::optional<Extension>& extension = {});

}  // namespace atcert::test
