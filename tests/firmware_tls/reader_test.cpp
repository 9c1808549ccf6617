// SPDX-License-Identifier: Apache-2.0
// Expected numbers: what Mbed TLS 2.16.9, 2.28.3, 3.2.1, 3.4.0, 3.5.0 and 3.6.3 return for items of these forms.
#include "firmware_tls/reader.hpp"

#include <array>

#include <doctest/doctest.h>

#include "firmware_tls/library.hpp"
#include "support/broker.hpp"
#include "support/odd_items.hpp"

namespace atcert::firmware_tls {
namespace {

using namespace std::string_literals;
using test::der;
using test::from_pem;
using test::key_der;
using test::KeyForm;
using test::pem;

const test::Pki& pki() {
  static const test::Pki shared = test::Pki::make();
  return shared;
}

// The first release with each Mbed TLS of which the numbers are known, in their order.
constexpr std::array kReleases{
    image::Release{{2, 2, 0, 0}}, image::Release{{2, 4, 0, 0}}, image::Release{{3, 1, 0, 0}},
    image::Release{{3, 2, 0, 0}}, image::Release{{3, 3, 0, 0}}, image::Release{{4, 1, 0, 0}},
};
using Codes = std::array<unsigned, kReleases.size()>;  // 0: read

Codes certificate_codes(const std::string& text) {
  Codes codes{};
  for (std::size_t i = 0; i < kReleases.size(); ++i) {
    const ChainVerdict verdict = read_chain(as_bytes(text), kReleases[i]);
    codes[i] = verdict.refusal ? verdict.refusal->code : 0;
  }
  return codes;
}

// Of a certificate with that extension.
Codes codes_with(const test::Extension& extension) {
  return certificate_codes(test::self_signed("P-256", extension).certificate);
}

Codes key_codes(const std::string& text) {
  Codes codes{};
  for (std::size_t i = 0; i < kReleases.size(); ++i) {
    const auto refusal = read_private_key(Secret(text), kReleases[i]);
    codes[i] = refusal ? refusal->code : 0;
  }
  return codes;
}

unsigned certificate_code(const std::string& text) {
  return certificate_codes(text).back();
}

unsigned key_code(const std::string& text) {
  return key_codes(text).back();
}

std::string device_key() {
  return std::string(pki().device.key.reveal_text());
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

constexpr Codes kRead{};

}  // namespace

TEST_CASE("a chain is read whole, with text around it and CRLF") {
  std::string crlf;
  for (const char c : "note\n" + pki().device.certificate + pki().authority.certificate) {
    crlf += c == '\n' ? "\r\n" : std::string(1, c);
  }
  const ChainVerdict verdict = read_chain(as_bytes(crlf), kReleases.back());
  CHECK_FALSE(verdict.refusal.has_value());
  CHECK(verdict.certificates == 2);
  CHECK(verdict.passed_over == 0);
  // RFC 5246, 7.4.2
  const std::size_t size =
      7 + 3 + from_pem(pki().device.certificate).size() + 3 + from_pem(pki().authority.certificate).size();
  CHECK(verdict.message_size == size);
  CHECK(verdict.fits_output_buffer);
}

TEST_CASE("a damaged certificate next to a good one is passed over") {
  const std::string damaged = pem("CERTIFICATE", "\x30\x03\x02\x01\x01");
  const ChainVerdict verdict = read_chain(as_bytes(damaged + pki().device.certificate), kReleases.back());
  CHECK_FALSE(verdict.refusal.has_value());
  CHECK(verdict.certificates == 1);
  CHECK(verdict.passed_over == 1);
  CHECK(certificate_code(damaged) != 0);
}

TEST_CASE("a refusal has the library's code and words") {
  const auto refusal = read_private_key(Secret(std::string_view("nothing")), kReleases.back());
  REQUIRE(refusal.has_value());
  CHECK(refusal->text() == "-0x3D00 (PK - Invalid key tag or value)");
}

TEST_CASE("certificates that are no PEM, cut off or damaged have the library's numbers") {
  const std::string& good = pki().device.certificate;
  CHECK(certificate_code("") == 0x2180);
  CHECK(certificate_code(device_key()) == 0x2180);
  CHECK(certificate_code(good.substr(0, good.size() / 2)) == 0x2780);
  CHECK(certificate_code(replaced(good, "MII", "M!I")) == 0x112C);
  CHECK(certificate_code(replaced(good, "CERTIFICATE-----\n", "CERTIFICATE-----\\n")) == 0x2780);
  CHECK(certificate_code(from_pem(good)) == 0x2180);  // DER, cut off at its first zero
}

TEST_CASE("keys are read as SEC 1, PKCS#1 and PKCS#8, and other things are not") {
  CHECK(key_codes(device_key()) == kRead);
  CHECK(key_codes(pem("PRIVATE KEY", key_der("P-256", KeyForm::pkcs8))) == kRead);
  CHECK(key_codes(pem("RSA PRIVATE KEY", key_der("RSA", KeyForm::traditional))) == kRead);
  CHECK(key_codes(pem("PRIVATE KEY", key_der("RSA", KeyForm::pkcs8))) == kRead);
  CHECK(key_code(pki().device.certificate) == 0x3D00);
  CHECK(key_code(device_key().substr(0, 100)) == 0x3D00);
  CHECK(key_code(replaced(device_key(), "\nM", "\n!")) == 0x112C);
}

TEST_CASE("what follows the key in PKCS#8, its attributes for one, is refused from Mbed TLS 3.5 on") {
  for (const std::string kind : {"P-256", "RSA"}) {
    CHECK(key_codes(test::pkcs8_with_attributes(kind)) == Codes{0, 0, 0, 0, 0x3D66, 0x3D66});
    const std::string good = key_der(kind, KeyForm::pkcs8);
    CHECK(key_codes(pem("PRIVATE KEY", good + "\0"s)) == Codes{0, 0, 0, 0, 0x3D66, 0x3D66});
  }
}

TEST_CASE("what follows an RSA key is refused from Mbed TLS 3.6 on") {
  const std::string good = key_der("RSA", KeyForm::traditional);
  CHECK(key_codes(pem("RSA PRIVATE KEY", good + "\0"s)) == Codes{0, 0, 0, 0, 0, 0x4080});
}

TEST_CASE("a key whose public point is in hybrid form is refused from Mbed TLS 3.4 on") {
  std::string key = key_der("P-256", KeyForm::traditional);
  const std::size_t point = key.size() - 65;
  REQUIRE(key[point] == '\x04');
  key[point] = static_cast<char>(6 | (key.back() & 1));
  CHECK(key_codes(pem("EC PRIVATE KEY", key)) == Codes{0, 0, 0, 0x3D00, 0x3D00, 0x3D00});
}

TEST_CASE("key identifiers are unknown up to Mbed TLS 3.4, and read from 3.5 on") {
  const Codes unknown_before{0x2562, 0x2562, 0x2562, 0x2562, 0, 0};
  const Codes malformed{0, 0, 0, 0, 0x2562, 0x2562};
  const std::string identifier = der('\x04', "0123456789");
  CHECK(codes_with({"2.5.29.14", false, identifier}) == kRead);
  CHECK(codes_with({"2.5.29.14", true, identifier}) == unknown_before);
  CHECK(codes_with({"2.5.29.14", false, der('\x0C', "A")}) == malformed);
  const std::string authority = der('\x30', der('\x80', "0123456789"));
  CHECK(codes_with({"2.5.29.35", false, authority}) == kRead);
  CHECK(codes_with({"2.5.29.35", true, authority}) == unknown_before);
  CHECK(codes_with({"2.5.29.35", false, der('\x0C', "A")}) == malformed);
  CHECK(codes_with({"2.5.29.35", false, der('\x30', der('\x83', "A"))}) == malformed);
  const std::string issuer = der('\xA1', der('\x82', "a.example")) + der('\x82', "\x05");
  CHECK(codes_with({"2.5.29.35", false, der('\x30', issuer)}) == kRead);
}

TEST_CASE("alternative names that are addresses or directory names are read from Mbed TLS 3.5 on") {
  const std::string name = der('\x30', der('\x31', der('\x30', "\x06\x03\x55\x04\x03" + der('\x0C', "a"))));
  CHECK(codes_with({"2.5.29.17", false, der('\x30', der('\x87', "\x7F\x00\x00\x01"s))}) == kRead);
  CHECK(codes_with({"2.5.29.17", false, der('\x30', der('\xA4', name))}) == kRead);
  CHECK(codes_with({"2.5.29.17", false, der('\x30', der('\x87', "12345"))}) == Codes{0, 0, 0, 0, 0x2800, 0x2800});
  CHECK(codes_with({"2.5.29.17", false, der('\x30', der('\xA4', der('\x0C', "A")))}) ==
        Codes{0, 0, 0, 0, 0x0062, 0x0062});
}

TEST_CASE("certificate policies are unknown to Mbed TLS 2.16") {
  const std::string any_policy = der('\x30', der('\x30', der('\x06', "\x55\x1D\x20\x00"s)));
  CHECK(codes_with({"2.5.29.32", true, any_policy}) == Codes{0x2562, 0, 0, 0, 0, 0});
}

TEST_CASE("a critical extension that no release knows is refused by all, one that is not critical by none") {
  CHECK(codes_with({"1.2.3.4", true, der('\x0C', "A")}) == Codes{0x2562, 0x2562, 0x2562, 0x2562, 0x2562, 0x2562});
  CHECK(codes_with({"1.2.3.4", false, der('\x0C', "A")}) == kRead);
}

TEST_CASE("a pair is told from a key of another certificate") {
  const auto& device = pki().device;
  const PairVerdict own = read_pair(as_bytes(device.certificate), device.key, kReleases.back());
  CHECK_FALSE(own.pair.has_value());
  CHECK(own.chain.certificates == 1);
  const auto refusal = read_pair(as_bytes(device.certificate), pki().server.key, kReleases.back()).pair;
  REQUIRE(refusal.has_value());
  CHECK(refusal->text() == "-0x4F80 (ECP - Bad input parameters to function)");  // of mbedtls_ecp_check_pub_priv()
}

TEST_CASE("a chain of more than 4,096 bytes does not fit the output buffer") {
  std::string chain;
  for (int i = 0; i < 12; ++i) chain += pki().device.certificate;
  const ChainVerdict verdict = read_chain(as_bytes(chain), kReleases.back());
  CHECK(verdict.certificates == 12);
  CHECK_FALSE(verdict.fits_output_buffer);
}

TEST_CASE("releases have the Mbed TLS of their ESP-IDF") {
  CHECK(library_of({{2, 1, 0, 0}}).version == "2.16.5"s);
  CHECK(library_of({{2, 4, 2, 0}}).version == "2.28.0"s);
  CHECK(library_of({{3, 0, 0, 0}}).version == "3.2.1"s);
  CHECK(library_of({{3, 2, 1, 0}}).version == "3.4.0"s);
  CHECK(library_of({{4, 0, 0, 0}}).version == "3.5.0"s);
  CHECK(library_of({{5, 0, 1, 0}}).version == "3.6.3"s);
}

}  // namespace atcert::firmware_tls
