// SPDX-License-Identifier: Apache-2.0
// What this project reads of certificates and keys itself, beside what OpenSSL's own decoders read of the same files.
#include "credentials/certificate.hpp"

#include <ctime>
#include <functional>

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/digest.hpp"
#include "credentials/contents.hpp"
#include "credentials/der.hpp"
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

// The parts of a certificate, to be put together otherwise.
struct CertificateParts {
  Bytes version;
  Bytes to_validity;  // serial, signature, issuer
  Bytes not_before;
  Bytes not_after;
  Bytes to_key;  // subject, key
  Bytes additions;
  Bytes signature;
  Bytes signature_bits;

  Bytes der() const {
    const Bytes validity = der_value(DerTag::sequence, joined(not_before, not_after));
    const Bytes content = joined(joined(joined(joined(version, to_validity), validity), to_key), additions);
    return der_value(DerTag::sequence, joined(joined(der_value(DerTag::sequence, content), signature), signature_bits));
  }
};

CertificateParts parts_of(const std::string& name) {
  const Bytes der = der_of<const X509, i2d_X509>(certificate_of(name).get());
  DerReader outer(der_whole(der, DerTag::sequence)->content);
  const auto content = outer.next(DerTag::sequence);
  CertificateParts parts;
  parts.signature = to_bytes(outer.next()->whole);
  parts.signature_bits = to_bytes(outer.next()->whole);
  DerReader inner(content->content);
  parts.version = to_bytes(inner.next(DerTag::context_0)->whole);
  for (int i = 0; i < 3; ++i) parts.to_validity = joined(parts.to_validity, inner.next()->whole);
  DerReader dates(inner.next(DerTag::sequence)->content);
  parts.not_before = to_bytes(dates.next()->whole);
  parts.not_after = to_bytes(dates.next()->whole);
  for (int i = 0; i < 2; ++i) parts.to_key = joined(parts.to_key, inner.next()->whole);
  parts.additions = to_bytes(inner.next(DerTag::context_3)->whole);
  REQUIRE(inner.done());
  return parts;
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
  for (const char* name : {"ec.pem", "intermediate.pem", "self-signed-server.pem"}) {
    CAPTURE(name);
    const Bytes good = der_of<const X509, i2d_X509>(certificate_of(name).get());
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        CAPTURE(at);
        CAPTURE(bit);
        Bytes damaged = good;
        damaged[at] ^= static_cast<std::uint8_t>(1U << bit);
        const unsigned char* position = damaged.data();
        const CertificatePtr theirs(d2i_X509(nullptr, &position, static_cast<long>(damaged.size())));
        const auto ours = certificate_facts(damaged);
        if (!ours) continue;
        REQUIRE(theirs);
        CHECK(position == damaged.data() + damaged.size());
        CHECK(ours->not_after == date_of(X509_get0_notAfter(theirs.get())));
      }
    }
  }
}

// RFC 5280 section 4.2.1.3: a CA whose key may not sign certificates signs none that anybody takes.
TEST_CASE("certificates: what may sign certificates is told by basicConstraints and keyUsage together") {
  constexpr std::uint8_t kDigitalSignature = 0x80;
  constexpr std::uint8_t kKeyCertSign = 0x04;
  const auto is_ca = [](bool ca, std::optional<std::uint8_t> usage) {
    const Bytes constraints = ca ? Bytes{0x06, 3, 0x55, 0x1D, 0x13, 0x04, 5, 0x30, 3, 0x01, 1, 0xFF}
                                 : Bytes{0x06, 3, 0x55, 0x1D, 0x13, 0x04, 2, 0x30, 0};
    Bytes extensions = der_value(DerTag::sequence, constraints);
    if (usage) {
      const Bytes bits{0x06, 3, 0x55, 0x1D, 0x0F, 0x04, 4, 0x03, 2, 2, *usage};
      extensions = joined(extensions, der_value(DerTag::sequence, bits));
    }
    CertificateParts parts = parts_of("intermediate.pem");
    parts.additions = der_value(DerTag::context_3, der_value(DerTag::sequence, extensions));
    const Bytes der = parts.der();
    const unsigned char* position = der.data();
    const CertificatePtr theirs(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
    const auto ours = certificate_facts(der);
    REQUIRE((theirs && ours));
    CHECK(ours->is_ca == (X509_check_ca(theirs.get()) != 0));
    return ours->is_ca;
  };
  CHECK(is_ca(true, {}));
  CHECK(is_ca(true, kKeyCertSign));
  CHECK(is_ca(true, kKeyCertSign | kDigitalSignature));
  CHECK_FALSE(is_ca(true, kDigitalSignature));
  CHECK_FALSE(is_ca(false, kKeyCertSign));
  CHECK_FALSE(is_ca(false, {}));
}

TEST_CASE("certificates: a structure that RFC 5280 does not have is none") {
  const CertificateParts good = parts_of("intermediate.pem");
  REQUIRE(certificate_facts(good.der()));
  const auto refused = [&good](const std::function<void(CertificateParts&)>& change) {
    CertificateParts parts = good;
    change(parts);
    return !certificate_facts(parts.der());
  };
  const Bytes extension = der_value(DerTag::sequence, joined(Bytes{0x06, 3, 0x55, 0x1D, 0x7F}, Bytes{0x04, 1, 0}));
  const auto list = [](const Bytes& extensions) {
    return der_value(DerTag::context_3, der_value(DerTag::sequence, extensions));
  };
  const auto date = [](DerTag tag, std::string_view text) { return der_value(tag, as_bytes(text)); };
  CHECK_FALSE(refused([](auto& parts) { parts.version.clear(), parts.additions.clear(); }));
  CHECK(refused([](auto& parts) { parts.version = Bytes{0xA0, 3, 0x04, 1, 2}; }));     // an OCTET STRING
  CHECK(refused([](auto& parts) { parts.version = Bytes{0xA0, 3, 0x02, 1, 5}; }));     // version 6
  CHECK(refused([](auto& parts) { parts.version = Bytes{0xA0, 4, 0x02, 2, 0, 2}; }));  // a needless zero
  CHECK(refused([](auto& parts) { parts.version.clear(); }));                          // 1, with extensions
  CHECK(refused([](auto& parts) { parts.version = Bytes{0xA0, 3, 0x02, 1, 1}; }));     // 2, with extensions
  CHECK(refused([](auto& parts) { parts.additions = joined(Bytes{0x05, 0}, parts.additions); }));
  CHECK(refused([](auto& parts) { parts.additions = joined(parts.additions, parts.additions); }));
  CHECK(refused([](auto& parts) { parts.additions = joined(parts.additions, Bytes{0x81, 2, 0, 1}); }));
  CHECK_FALSE(refused([](auto& parts) { parts.additions = joined(Bytes{0x81, 2, 0, 1}, parts.additions); }));
  CHECK_FALSE(refused([&](auto& parts) { parts.additions = list(extension); }));
  CHECK(refused([&](auto& parts) { parts.additions = list(joined(extension, extension)); }));
  CHECK(refused([&](auto& parts) { parts.additions = der_value(DerTag::context_3, Bytes{0x31, 0}); }));  // a SET
  CHECK(refused([](auto& parts) { parts.signature_bits = Bytes{0x03, 1, 0}; }));
  CHECK(refused([](auto& parts) { parts.signature_bits = Bytes{0x03, 2, 1, 2}; }));  // an unused bit
  for (const std::string_view text :
       {"4601010000Z", "460101000000", "460101000000+0100", "460101000000.5Z", "461301000000Z", "460229000000Z",
        "460101240000Z", "460101006000Z", "4601010000 0Z"}) {
    CAPTURE(text);
    CHECK(refused([&](auto& parts) { parts.not_after = date(DerTag::utc_time, text); }));
  }
  CHECK(refused([&](auto& parts) { parts.not_after = date(DerTag::generalized_time, "20460101000000.5Z"); }));
  CHECK(refused([&](auto& parts) { parts.not_after = date(DerTag::octet_string, "20460101000000Z"); }));
}

TEST_CASE("certificates: the years of two digits are those from 1950 to 2049 (RFC 5280 section 4.1.2.5.1)") {
  const auto year_of = [](DerTag tag, std::string_view text) {
    CertificateParts parts = parts_of("intermediate.pem");
    parts.not_after = der_value(tag, as_bytes(text));
    const auto facts = certificate_facts(parts.der());
    REQUIRE(facts);
    return static_cast<int>(
        std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(facts->not_after)).year());
  };
  CHECK(year_of(DerTag::utc_time, "491231235959Z") == 2049);
  CHECK(year_of(DerTag::utc_time, "500101000000Z") == 1950);
  CHECK(year_of(DerTag::generalized_time, "99991231235959Z") == 9999);
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

TEST_CASE("a self-signed certificate from before there were extensions is an authority") {
  CHECK(X509_check_ca(certificate_of("v1-root.pem").get()) != 0);
  CHECK(load_ca(fixture("v1-root.pem"), {})->item.first().is_ca);
}

}  // namespace atcert::credentials
