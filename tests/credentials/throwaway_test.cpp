// SPDX-License-Identifier: Apache-2.0
#include "credentials/throwaway.hpp"

#include <memory>

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace atcert::credentials {
namespace {

using namespace std::chrono_literals;

constexpr Date kNow = std::chrono::sys_days(std::chrono::year(2026) / 6 / 1);

using Certificate = std::shared_ptr<X509>;

Certificate certificate_of(const std::string& pem) {
  const std::shared_ptr<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  return {PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), X509_free};
}

std::shared_ptr<EVP_PKEY> key_of(const Secret& pem) {
  const std::shared_ptr<BIO> in(BIO_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.size())), BIO_free);
  return {PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
}

ThrowawayOptions options_for(std::string name) {
  ThrowawayOptions options;
  options.common_name = std::move(name);
  options.not_before = kNow - 1h;
  options.not_after = kNow + 24h;
  return options;
}

// OpenSSL's own verdict on `leaf` at `time`, for a purpose such as X509_PURPOSE_SSL_SERVER.
int verify(const Throwaway& authority, const Throwaway& leaf, int purpose, Date time = kNow) {
  const std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  X509_STORE_add_cert(store.get(), certificate_of(authority.certificate).get());
  const std::shared_ptr<X509_STORE_CTX> context(X509_STORE_CTX_new(), X509_STORE_CTX_free);
  const Certificate certificate = certificate_of(leaf.certificate);
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context.get()), X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context.get()), time.time_since_epoch().count());
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

}  // namespace

TEST_CASE("server and device certificates verify against their authority, with either key type") {
  for (const ThrowawayKey kind : {ThrowawayKey::p256, ThrowawayKey::rsa_2048}) {
    ThrowawayOptions options = options_for("some name");
    options.key = kind;
    const Throwaway authority = make_authority(options).value();
    const Throwaway server = make_server(authority, options, {"localhost"}).value();
    const Throwaway device = make_device(authority, options).value();
    CHECK(verify(authority, server, X509_PURPOSE_SSL_SERVER) == X509_V_OK);
    CHECK(verify(authority, device, X509_PURPOSE_SSL_CLIENT) == X509_V_OK);
    CHECK(verify(authority, device, X509_PURPOSE_SSL_SERVER) == X509_V_ERR_INVALID_PURPOSE);
    CHECK(X509_check_private_key(certificate_of(device.certificate).get(), key_of(device.key).get()) == 1);
    CHECK(X509_check_ca(certificate_of(authority.certificate).get()) == 1);
  }
}

TEST_CASE("a server certificate holds for its DNS names and IP addresses and no others") {
  const Throwaway authority = make_authority(options_for("authority")).value();
  const std::string endpoint = "a1b2c3d4e5f6g7-ats.iot.eu-central-1.amazonaws.com";
  const Throwaway server =
      make_server(authority, options_for("broker"), {"localhost", "127.0.0.1", "::1", endpoint}).value();
  const Certificate certificate = certificate_of(server.certificate);
  CHECK(X509_check_host(certificate.get(), "localhost", 0, 0, nullptr) == 1);
  CHECK(X509_check_host(certificate.get(), endpoint.c_str(), 0, 0, nullptr) == 1);
  CHECK(X509_check_host(certificate.get(), "example.com", 0, 0, nullptr) == 0);
  CHECK(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0) == 1);
  CHECK(X509_check_ip_asc(certificate.get(), "::1", 0) == 1);
  CHECK(X509_check_ip_asc(certificate.get(), "127.0.0.2", 0) == 0);
}

TEST_CASE("the time of validity is what was asked for") {
  const Throwaway authority = make_authority(options_for("authority")).value();
  const Throwaway device = make_device(authority, options_for("device")).value();
  CHECK(verify(authority, device, X509_PURPOSE_SSL_CLIENT, kNow - 2h) == X509_V_ERR_CERT_NOT_YET_VALID);
  CHECK(verify(authority, device, X509_PURPOSE_SSL_CLIENT, kNow + 25h) == X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_CASE("a certificate of another authority of the same name does not verify") {
  const Throwaway authority = make_authority(options_for("authority")).value();
  const Throwaway other = make_authority(options_for("authority")).value();
  const Throwaway device = make_device(other, options_for("device")).value();
  CHECK(verify(authority, device, X509_PURPOSE_SSL_CLIENT) != X509_V_OK);
}

TEST_CASE("keys come in the form that was asked for") {
  ThrowawayOptions options = options_for("authority");
  CHECK(make_authority(options)->key.reveal_text().starts_with("-----BEGIN EC PRIVATE KEY-----\n"));
  options.form = ThrowawayForm::pkcs8;
  CHECK(make_authority(options)->key.reveal_text().starts_with("-----BEGIN PRIVATE KEY-----\n"));
  options.key = ThrowawayKey::rsa_2048;
  CHECK(make_authority(options)->key.reveal_text().starts_with("-----BEGIN PRIVATE KEY-----\n"));
  options.form = ThrowawayForm::traditional;
  CHECK(make_authority(options)->key.reveal_text().starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
}

}  // namespace atcert::credentials
