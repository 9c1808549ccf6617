// SPDX-License-Identifier: Apache-2.0
#include "base/redactor.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "support/leaks.hpp"

namespace atcert {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// A real key, as OpenSSL writes it: PKCS#8, 1624 or 1628 characters of base64 in lines of 64.
struct Key {
  std::string pem;
  std::string base64;
  std::string hex;  // of the DER
};

const Key& key() {
  static const Key kKey = [] {
    EVP_PKEY* made = EVP_RSA_gen(2048);
    BIO* text = BIO_new(BIO_s_mem());
    BIO* der = BIO_new(BIO_s_mem());
    REQUIRE(PEM_write_bio_PKCS8PrivateKey(text, made, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    REQUIRE(i2d_PKCS8PrivateKey_bio(der, made, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    const auto content = [](BIO* bio) {
      char* data = nullptr;
      const auto size = static_cast<std::size_t>(BIO_get_mem_data(bio, &data));
      return std::string(data, size);
    };
    Key key{content(text), {}, test::hex_of(content(der))};
    key.base64 = test::base64_of(key.pem);
    BIO_free(text);
    BIO_free(der);
    EVP_PKEY_free(made);
    return key;
  }();
  return kKey;
}

bool gives_away_key(const std::string& text) {
  return test::gives_away_key(text, key().pem) || test::gives_away(lower(text), key().hex);
}

Redactor knowing(const std::vector<std::string_view>& secrets) {
  Redactor redactor;
  for (const std::string_view secret : secrets) redactor.hide(Secret(secret));
  return redactor;
}

// All that is shown of `texts`, admitted one after the other.
std::string shown(Redactor redactor, const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += redactor.admit(text).shown() + "\n";
  return all;
}

std::string shown_of_key(const std::vector<std::string>& texts) {
  return shown(knowing({key().pem}), texts);
}

std::vector<std::string> cut(std::string_view text, std::size_t size) {
  std::vector<std::string> pieces;
  for (; !text.empty(); text.remove_prefix(std::min(size, text.size()))) pieces.emplace_back(text.substr(0, size));
  return pieces;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (; !text.empty(); text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1)) {
    lines.emplace_back(text.substr(0, text.find('\n')));
  }
  return lines;
}

std::string joined(const std::vector<std::string>& pieces, std::string_view between) {
  std::string text;
  for (const std::string& piece : pieces) text.append(piece).append(between);
  return text;
}

}  // namespace

TEST_CASE("text without a secret stays as it is") {
  Redactor redactor = knowing({key().pem, "s3cret,\\pass\"word"});
  for (const char* text : {"", "OK", "AT version:4.1.1.0(5f3a8c2 - ESP32C3 - Jul 30 2025 07:10:44)",
                           "+CIFSR:STAIP,\"192.168.1.2\"", "-----BEGIN CERTIFICATE-----", "ERR CODE:0x010a6021"}) {
    const OutsideText admitted = redactor.admit(text);
    CHECK(admitted.shown() == text);
    CHECK(admitted.raw() == text);
    CHECK(admitted.shown_whole());
  }
}

TEST_CASE("outside text does not become a part of other text by accident") {
  CHECK_FALSE(std::is_convertible_v<OutsideText, std::string>);
  CHECK_FALSE(std::is_convertible_v<OutsideText, std::string_view>);
  CHECK_FALSE(fmt::is_formattable<OutsideText>::value);
}

TEST_CASE("what is admitted is raw for parsing and printable for showing") {
  const OutsideText text = Redactor().admit("\x1b[31m\u202e");
  CHECK(text.raw() == "\x1b[31m\u202e");
  CHECK(text.shown() == "\\x1b[31m\\u{202e}");
  CHECK_FALSE(text.shown_whole());
}

TEST_CASE("a key of 1624 characters is hidden in one line, whatever stands around it") {
  REQUIRE(key().base64.size() >= 1624);
  CHECK(shown_of_key({"AT+X=\"" + key().base64 + "\",8"}) == "AT+X=\"***\",8\n");
}

TEST_CASE("a key is hidden in its own lines") {
  const std::string all = shown_of_key(lines_of(key().pem));
  CHECK_FALSE(gives_away_key(all));
  CHECK(all.find("***") != std::string::npos);
}

TEST_CASE("a key that lost its first byte is hidden") {
  CHECK(shown_of_key({key().base64.substr(1)}) == "***\n");
}

TEST_CASE("a key with another line in the middle of it is hidden on both sides") {
  // Where the key itself does not go on with a letter of the other line.
  const std::string& base64 = key().base64;
  std::size_t cut = 700;
  while (base64[cut] == 'b' || base64[cut - 1] == 'p') ++cut;
  const std::string text = base64.substr(0, cut) + "busy p..." + base64.substr(cut);
  CHECK(shown_of_key({text}) == "***busy p...***\n");
  CHECK_FALSE(gives_away_key(shown_of_key({text.substr(0, cut + 9), text.substr(cut + 9)})));
}

TEST_CASE("a key that lost single bytes is hidden between them") {
  std::string text;
  for (std::size_t i = 0; i < key().base64.size(); ++i) {
    if (i % 20 != 19) text += key().base64[i];
  }
  CHECK_FALSE(gives_away_key(shown_of_key({text})));
}

TEST_CASE("a key is hidden in hex: of its DER and of its PEM, in either case, with separators and without") {
  for (std::string hex : {key().hex, test::hex_of(key().pem)}) {
    if (hex != key().hex)
      std::transform(hex.begin(), hex.end(), hex.begin(), [](unsigned char c) { return std::toupper(c); });
    CHECK(shown_of_key({hex}) == "***\n");
    for (const char* separator : {" ", ":", ", ", "\\n", "\\r\\n", "\n"}) {
      CAPTURE(separator);
      CHECK_FALSE(gives_away_key(shown_of_key({joined(cut(hex, 2), separator)})));
    }
    CHECK_FALSE(gives_away_key(shown_of_key({"\\x" + joined(cut(hex, 2), "\\x")})));
    CHECK_FALSE(gives_away_key(shown_of_key({"0x" + joined(cut(hex, 2), ", 0x")})));
    CHECK_FALSE(gives_away_key(shown_of_key(cut(hex, 10))));
  }
}

TEST_CASE("separators do not break a key in base64") {
  for (const char* separator : {" ", "\n", "\r\n", "\\n", "\\r\\n", "\\x0a", "\", \"", "\u200b", "\\"}) {
    CAPTURE(separator);
    CHECK_FALSE(gives_away_key(shown_of_key({joined(cut(key().base64, 10), separator)})));
  }
}

TEST_CASE("a key that is cut into short lines is hidden but for its first characters") {
  for (const std::size_t size : {1U, 2U, 3U, 7U, 8U, 15U, 16U, 17U}) {
    CAPTURE(size);
    CHECK_FALSE(gives_away_key(shown_of_key(cut(key().base64, size))));
  }
}

TEST_CASE("what follows a key is shown") {
  CHECK(shown_of_key({key().base64, "OK", "+SYSFLASH:1", "ready"}) == "***\nOK\n+SYSFLASH:1\nready\n");
}

TEST_CASE("an encrypted key's base64 is hidden, its header is not a part of it") {
  const std::string pem =
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: "
      "AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n"
      "x4Zb1RlqzYk8vUPq5TtJHcOaPlNeUSvQ0VY6ZKz5qX9q3WkWk0cGH0NwqS7bF2Yd\n-----END RSA PRIVATE KEY-----\n";
  CHECK(shown(knowing({pem}), {"x4Zb1RlqzYk8vUPq5TtJHcOaPlNeUSvQ0VY6ZKz5qX9q3WkWk0cGH0NwqS7bF2Yd"}) == "***\n");
}

TEST_CASE("a private-key block is hidden though nobody knows the key") {
  const std::string all = shown(Redactor(), lines_of(key().pem));
  CHECK(all.starts_with("-----BEGIN PRIVATE KEY-----\n***\n"));
  CHECK(all.ends_with("***\n-----END PRIVATE KEY-----\n"));
  CHECK_FALSE(gives_away_key(all));
}

TEST_CASE("an unknown key block is hidden in one line, with escapes for line ends, and what follows is shown") {
  std::string one = key().pem;
  for (std::size_t at = 0; (at = one.find('\n', at)) != std::string::npos;) one.replace(at, 1, "\\n");
  const std::string text = "-----END CERTIFICATE-----\\n" + one + "-----BEGIN CERTIFICATE-----";
  CHECK(shown(Redactor(), {text, "QUJDREVGR0hJSktMTU5PUA"}) ==
        "-----END CERTIFICATE-----\\n-----BEGIN PRIVATE KEY-----\\n***\\n-----END PRIVATE KEY-----\\n"
        "-----BEGIN CERTIFICATE-----\nQUJDREVGR0hJSktMTU5PUA\n");
}

TEST_CASE("an unknown key block is hidden when it is cut anywhere or lost a byte of its BEGIN line") {
  for (const std::size_t size : {5U, 9U, 15U, 40U, 100U}) {
    CAPTURE(size);
    CHECK_FALSE(gives_away_key(shown(Redactor(), cut(key().pem, size))));
    CHECK_FALSE(gives_away_key(shown(Redactor(), cut(key().pem.substr(8), size))));
  }
}

TEST_CASE("lines that come into an unknown key block are shown, and it ends when it cannot be a key") {
  std::vector<std::string> texts = lines_of(key().pem);
  texts.pop_back();
  texts.insert(texts.begin() + 3, {"busy p...", "OK", "WIFI DISCONNECT"});
  const std::string all = shown(Redactor(), texts);
  CHECK(all.find("busy p...\nOK\nWIFI DISCONNECT\n") != std::string::npos);
  CHECK_FALSE(gives_away_key(all));
  for (int i = 0; i < 400; ++i) texts.emplace_back("SomeWordsOfTheFirmware");
  CHECK(shown(Redactor(), texts).ends_with("SomeWordsOfTheFirmware\n"));
}

TEST_CASE("a password is hidden in any quoting and in hex") {
  const std::string password = "s3cret,\\pass\"word";
  for (const char* text :
       {R"(s3cret,\pass"word)", R"(s3cret\,\\pass\"word)", R"(\s\3\c\r\e\t\,\\\p\a\s\s\"\w\o\r\d)",
        "7333637265742c5c7061737322776f7264", "73 33 63 72 65 74 2C 5C 70 61 73 73 22 77 6F 72 64"}) {
    CAPTURE(text);
    const std::string all = shown(knowing({password}), {std::string("<") + text + ">"});
    CHECK((all == "<***>\n" || all == "<\\***>\n"));
  }
}

TEST_CASE("a password that lost a byte, or came with another line in it, is hidden in its longer pieces") {
  CHECK(shown(knowing({"correct horse"}), {"\"orrect horse\""}) == "\"***\"\n");
  CHECK(shown(knowing({"correct horse"}), {"correctbusy p... horse"}) == "***busy p...***\n");
}

TEST_CASE("a short password is hidden where it is quoted or alone, and nowhere else") {
  CHECK(shown(knowing({"1234"}), {"AT+X=\"1234\"", "1234", "+X:12345"}) == "AT+X=\"***\"\n***\n+X:12345\n");
  CHECK(shown(knowing({"abcde"}), {"T+X=\"abcde"}) == "T+X=\"***\n");
}

TEST_CASE("two secrets, one of which is the beginning of the other, are both hidden") {
  CHECK(shown(knowing({"password", "password-long"}), {"password password-long"}) == "*** ***\n");
}

TEST_CASE("a key is taken note of once, and an empty secret never") {
  Redactor redactor = knowing({"", "password", "password"});
  CHECK(redactor.admit("").shown().empty());
  CHECK(redactor.admit("password").shown() == "***");
}

}  // namespace atcert
