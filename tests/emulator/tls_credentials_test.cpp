// SPDX-License-Identifier: Apache-2.0
// Expected numbers: mbedtls/x509.h, pk.h, pem.h and base64.h.
#include "emulator/tls_credentials.hpp"

#include <doctest/doctest.h>
#include <openssl/pem.h>

#include "support/broker.hpp"
#include "support/require.hpp"

namespace atcert::emulator {
namespace {

const test::Pki& pki() {
  static const test::Pki shared = test::Pki::make();
  return shared;
}

std::string certificate_error(const std::string& pem) {
  const auto parsed = parse_certificates(Secret(pem), "parsing");
  return parsed.ok() ? "parsed" : parsed.error().what;
}

std::string key_error(const std::string& pem) {
  const auto parsed = parse_key(Secret(pem));
  return parsed.ok() ? "parsed" : parsed.error().what;
}

std::string device_key() {
  return std::string(pki().device.key.reveal_text());
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

// What a BIO holds after `write` has written into it.
template <typename Write>
std::string written(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  REQUIRE(write(bio) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

}  // namespace

TEST_CASE("a chain is parsed whole, with text around it and CRLF") {
  std::string crlf;
  for (const char c : "note\n" + pki().device.certificate + pki().authority.certificate) {
    crlf += c == '\n' ? "\r\n" : std::string(1, c);
  }
  CHECK(test::require(parse_certificates(Secret(crlf), "parsing")).size() == 2);
}

TEST_CASE("a damaged certificate next to a good one does no harm") {
  const std::string damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  CHECK(test::require(parse_certificates(Secret(damaged + pki().device.certificate), "parsing")).size() == 1);
  CHECK(certificate_error(damaged) == "parsing returned -0x2180");
}

TEST_CASE("certificates that are no PEM, cut off or damaged fail with mbedTLS's numbers") {
  const std::string& good = pki().device.certificate;
  CHECK(certificate_error("") == "parsing returned -0x2180");
  CHECK(certificate_error(device_key()) == "parsing returned -0x2180");
  CHECK(certificate_error(good.substr(0, good.size() / 2)) == "parsing returned -0x2780");
  CHECK(certificate_error(replaced(good, "MII", "M!I")) == "parsing returned -0x112C");
  CHECK(certificate_error(replaced(good, "CERTIFICATE-----\n", "CERTIFICATE-----\\n")) == "parsing returned -0x2780");
}

TEST_CASE("a certificate in DER is not taken") {
  const auto certificate = test::require(parse_certificates(Secret(pki().device.certificate), "parsing"));
  const std::string der = written([&](BIO* bio) { return i2d_X509_bio(bio, certificate[0].get()); });
  CHECK(certificate_error(der) == "parsing returned -0x2180");
}

TEST_CASE("keys are taken as SEC1 and PKCS#8") {
  CHECK(device_key().find("BEGIN EC PRIVATE KEY") != std::string::npos);
  CHECK(key_error(device_key()) == "parsed");
  const auto key = test::require(parse_key(pki().device.key));
  CHECK(key_error(written([&](BIO* bio) {
          return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        })) == "parsed");
}

TEST_CASE("keys that are none, cut off, damaged or encrypted fail with mbedTLS's numbers") {
  const std::string call = "mbedtls_pk_parse_keyfile returned ";
  const auto key = test::require(parse_key(pki().device.key));
  CHECK(key_error(pki().device.certificate) == call + "-0x3D00");
  CHECK(key_error(device_key().substr(0, 100)) == call + "-0x3D00");
  CHECK(key_error(replaced(device_key(), "\nM", "\n!")) == call + "-0x112C");
  CHECK(key_error(written([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.get()); })) == call + "-0x3D00");
  char passphrase[] = "passphrase";
  CHECK(key_error(written([&](BIO* bio) {
          return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), EVP_aes_128_cbc(), passphrase, 10, nullptr, nullptr);
        })) == call + "-0x3C00");
  CHECK(key_error(written([&](BIO* bio) {
          return PEM_write_bio_PrivateKey_traditional(
              bio, key.get(), EVP_aes_128_cbc(), reinterpret_cast<unsigned char*>(passphrase), 10, nullptr, nullptr);
        })) == call + "-0x3C00");
}

TEST_CASE("a key of another certificate is replaced by one that OpenSSL takes, its own is kept") {
  const auto certificate = test::require(parse_certificates(Secret(pki().device.certificate), "parsing"));
  KeyPtr own = test::require(parse_key(pki().device.key));
  const EVP_PKEY* own_key = own.get();
  CHECK(key_as_mbedtls_uses_it(*certificate[0], std::move(own)).get() == own_key);
  KeyPtr other = test::require(parse_key(pki().server.key));
  CHECK(X509_check_private_key(certificate[0].get(), other.get()) == 0);
  const KeyPtr used = key_as_mbedtls_uses_it(*certificate[0], std::move(other));
  CHECK(X509_check_private_key(certificate[0].get(), used.get()) == 1);
}

}  // namespace atcert::emulator
