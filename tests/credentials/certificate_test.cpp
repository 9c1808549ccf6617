// SPDX-License-Identifier: Apache-2.0
// What this project reads of certificates and keys itself, beside what OpenSSL's own decoders read of the same files.
#include "credentials/certificate.hpp"

#include <ctime>

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/digest.hpp"
#include "credentials/contents.hpp"
#include "credentials/fixtures.hpp"
#include "credentials/openssl.hpp"

namespace atcert::credentials {
namespace {

template <typename Object, auto Encode>
Bytes der_of(Object* object) {
  Bytes der(static_cast<std::size_t>(Encode(object, nullptr)));
  unsigned char* end = der.data();
  Encode(object, &end);
  return der;
}

CertificatePtr certificate_of(const std::string& name) {
  const std::string text = text_of(name);
  const BioPtr in = reader_of(as_bytes(text));
  return CertificatePtr(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

std::string digest_of_key(const EVP_PKEY* key) {
  return sha256(der_of<const EVP_PKEY, i2d_PUBKEY>(key));
}

std::string name_of(const X509_NAME* name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253);
  return std::string(as_text(view_of(out.get())));
}

Date date_of(const ASN1_TIME* time) {
  std::tm parts{};
  REQUIRE(ASN1_TIME_to_tm(time, &parts) == 1);
  return Date(std::chrono::seconds(timegm(&parts)));
}

void check_key(const KeyFacts& facts, const EVP_PKEY* key) {
  CHECK(facts.bits == EVP_PKEY_get_bits(key));
  CHECK(facts.fingerprint == digest_of_key(key));
  CHECK((facts.algorithm == KeyAlgorithm::rsa) == (EVP_PKEY_is_a(key, "RSA") == 1));
  CHECK((facts.algorithm == KeyAlgorithm::ec) == (EVP_PKEY_is_a(key, "EC") == 1));
}

}  // namespace

TEST_CASE("certificates: the facts are those that OpenSSL reads") {
  for (const char* name : {"ca.pem", "ec.pem", "ed25519.pem", "intermediate.pem", "other-ca.pem", "p384.pem",
                           "p521.pem", "rsa.pem", "rsa1024.pem", "rsa3072.pem", "self-signed-server.pem", "sha1.pem"}) {
    CAPTURE(name);
    const CertificatePtr theirs = certificate_of(name);
    REQUIRE(theirs);
    const Bytes der = der_of<const X509, i2d_X509>(theirs.get());
    const auto ours = certificate_facts(der);
    REQUIRE(ours);
    CHECK(ours->subject == name_of(X509_get_subject_name(theirs.get())));
    CHECK(ours->issuer == name_of(X509_get_issuer_name(theirs.get())));
    CHECK(ours->not_before == date_of(X509_get0_notBefore(theirs.get())));
    CHECK(ours->not_after == date_of(X509_get0_notAfter(theirs.get())));
    CHECK(ours->signature == OBJ_nid2ln(X509_get_signature_nid(theirs.get())));
    CHECK(ours->fingerprint == sha256(der));
    CHECK(ours->is_ca == (X509_check_ca(theirs.get()) != 0));
    CHECK(ours->self_signed == (X509_self_signed(theirs.get(), 1) == 1));
    check_key(ours->key, X509_get0_pubkey(theirs.get()));
  }
}

TEST_CASE("certificates: a damaged one is none, or one that OpenSSL reads too") {
  const Bytes good = der_of<const X509, i2d_X509>(certificate_of("ec.pem").get());
  for (std::size_t at = 0; at < good.size(); ++at) {
    CAPTURE(at);
    Bytes damaged = good;
    damaged[at] ^= 0x01;
    const unsigned char* position = damaged.data();
    const CertificatePtr theirs(d2i_X509(nullptr, &position, static_cast<long>(damaged.size())));
    const auto ours = certificate_facts(damaged);
    if (!ours) continue;
    REQUIRE(theirs);
    CHECK(position == damaged.data() + damaged.size());
    CHECK(ours->not_after == date_of(X509_get0_notAfter(theirs.get())));
  }
}

TEST_CASE("private keys: the facts are those that OpenSSL reads") {
  for (const char* name : {"ca.key", "ec-parameters.key", "ec.key", "ec.pkcs8.key", "ed25519.key", "p384.key",
                           "p521.key", "rsa.key", "rsa.pkcs8.key", "rsa1024.key", "rsa3072.key"}) {
    CAPTURE(name);
    const std::string text = text_of(name);
    const BioPtr in = reader_of(as_bytes(text));
    const KeyPtr theirs(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    REQUIRE(theirs);
    const FileContents contents = read_contents(fixture(name));
    REQUIRE(contents.items.back().kind == ContentKind::private_key);
    check_key(contents.items.back().key, theirs.get());
  }
}

TEST_CASE("private keys: a compressed point is the same key") {
  const auto fingerprint = [](const char* name) { return read_contents(fixture(name)).items.back().key.fingerprint; };
  CHECK(fingerprint("ec.compressed.key") == fingerprint("ec.key"));
}

}  // namespace atcert::credentials
