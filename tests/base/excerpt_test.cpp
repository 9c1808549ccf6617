// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/excerpt.hpp"

namespace atcert {

TEST_CASE("short text is shown as it is") {
  for (const char* text :
       {"", "ota_0", "0x21000", "a b,c", "no such encoding", "mqtt_certificates", "0123456789abcdef"})
    CHECK(excerpt(text) == text);
}

TEST_CASE("long text is cut, never within a character") {
  const std::string words = "one two three four five six seven eight nine ten";
  CHECK(excerpt(words) == words.substr(0, 40) + "...");
  CHECK(excerpt(words.substr(0, 40)) == words.substr(0, 40));
  const std::string umlauts = std::string(39, '-') + "\xC3\xBC" + "x";
  CHECK(excerpt(umlauts) == std::string(39, '-') + "...");
  CHECK(excerpt(std::string(100, '\x80')) == "...");
}

TEST_CASE("what may be base64 of a key is masked wherever it stands") {
  // RFC 4648's alphabet
  const std::string line = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  CHECK(excerpt(line) == "(64 characters)");
  CHECK(excerpt(line.substr(18, 16)) == "(16 characters)");
  CHECK(excerpt(line.substr(18, 15)) == line.substr(18, 15));
  CHECK(excerpt("0123456789abcdef01234567") == "(24 characters)");
  CHECK(excerpt("key=" + line) == "(68 characters)");
  CHECK(excerpt("a, " + line + "\n" + line + ", b") == "a, (64 characters)\n(64 characters), b");
  CHECK(excerpt(std::string(30, '-') + line) == std::string(30, '-') + "(64 charac...");
}

TEST_CASE("of a private key's PEM nothing is shown") {
  for (const char* label : {"RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"}) {
    CHECK(excerpt("-----BEGIN " + std::string(label) + "-----") == "(a private key)");
    CHECK(excerpt("x\n-----END " + std::string(label) + "-----\nabc") == "(a private key)");
  }
  CHECK(excerpt("-----BEGIN CERTIFICATE-----") == "-----BEGIN CERTIFICATE-----");
}

}  // namespace atcert
