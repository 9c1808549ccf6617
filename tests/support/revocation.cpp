// SPDX-License-Identifier: Apache-2.0
#include "support/revocation.hpp"

#include <memory>
#include <string_view>

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace atcert::test {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using List = std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)>;
using Time = std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)>;

Bio bio_of(std::string_view pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all};
}

Certificate certificate_of(std::string_view pem) {
  const Bio bio = bio_of(pem);
  return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
}

Time hours_from_now(int hours) {
  return {X509_gmtime_adj(nullptr, hours * 3600L), ASN1_TIME_free};
}

}  // namespace

std::string revocation_list(const credentials::Throwaway& authority, const std::string& certificate) {
  const Certificate issuer = certificate_of(authority.certificate);
  const Certificate revoked = certificate_of(certificate);
  const Bio key_bio = bio_of(authority.key.reveal_text());
  const Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  const List list(X509_CRL_new(), X509_CRL_free);
  X509_REVOKED* entry = X509_REVOKED_new();
  REQUIRE((issuer && revoked && key && list && entry != nullptr));
  REQUIRE(X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked.get())) == 1);
  REQUIRE(X509_REVOKED_set_revocationDate(entry, hours_from_now(-1).get()) == 1);
  REQUIRE(X509_CRL_set_version(list.get(), 1) == 1);  // v2
  REQUIRE(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.get())) == 1);
  REQUIRE(X509_CRL_set1_lastUpdate(list.get(), hours_from_now(-1).get()) == 1);
  REQUIRE(X509_CRL_set1_nextUpdate(list.get(), hours_from_now(24).get()) == 1);
  REQUIRE(X509_CRL_add0_revoked(list.get(), entry) == 1);
  REQUIRE(X509_CRL_sort(list.get()) == 1);
  REQUIRE(X509_CRL_sign(list.get(), key.get(), EVP_sha256()) > 0);
  const Bio out(BIO_new(BIO_s_mem()), BIO_free_all);
  REQUIRE(PEM_write_bio_X509_CRL(out.get(), list.get()) == 1);
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(out.get(), &text));
  return {text, size};
}

}  // namespace atcert::test
