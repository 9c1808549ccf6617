// SPDX-License-Identifier: Apache-2.0
#include "credentials/facts.hpp"

#include <array>
#include <ctime>

#include <fmt/core.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace atcert::credentials {
namespace {

using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeWith<PKCS8_PRIV_KEY_INFO_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;

// Larger RSA keys are refused for their size; checking their numbers would take long.
constexpr int kMaxCheckedBits = 4096;

// Calls one of OpenSSL's d2i functions and wants it to use all of `der`.
template <typename Ptr, typename Parse>
Ptr parse_all(ByteView der, Parse parse) {
  const unsigned char* position = der.data();
  Ptr object(parse(nullptr, &position, static_cast<long>(der.size())));
  ERR_clear_error();
  if (position != der.data() + der.size()) object.reset();
  return object;
}

std::string hex(ByteView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string name_text(const X509_NAME* name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  // UTF-8 stays readable; control characters are escaped, so that a name cannot play tricks on a terminal.
  if (X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return "(unreadable)";
  return std::string(as_text(view_of(out.get())));
}

std::string serial_text(const ASN1_INTEGER* serial) {
  const NumberPtr number(ASN1_INTEGER_to_BN(serial, nullptr));
  if (!number) return {};
  const std::unique_ptr<char, decltype([](char* text) { OPENSSL_free(text); })> text(BN_bn2hex(number.get()));
  return text ? text.get() : "";
}

Date date_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  const std::chrono::sys_days day = std::chrono::year(parts.tm_year + 1900) /
                                    std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)) /
                                    std::chrono::day(static_cast<unsigned>(parts.tm_mday));
  return day + std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
         std::chrono::seconds(parts.tm_sec);
}

std::string curve_name(EVP_PKEY* key) {
  std::array<char, 64> group{};
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1) return "an unnamed curve";
  const char* nist = EC_curve_nid2nist(OBJ_txt2nid(group.data()));
  return nist != nullptr ? nist : group.data();
}

std::string public_key_digest(EVP_PKEY* key) {
  // One encoding of a point, however the file had it, so that equal keys have equal digests.
  if (EVP_PKEY_is_a(key, "EC") == 1) {
    EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
    EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, OSSL_PKEY_EC_ENCODING_GROUP);
  }
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  ERR_clear_error();
  if (size <= 0) return {};
  const std::unique_ptr<unsigned char, decltype([](unsigned char* bytes) { OPENSSL_free(bytes); })> owner(der);
  std::array<unsigned char, 32> digest{};
  EVP_Q_digest(nullptr, "SHA256", nullptr, der, static_cast<std::size_t>(size), digest.data(), nullptr);
  return hex(digest);
}

std::string certificate_digest(X509* certificate) {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  return hex(digest);
}

// As mbedTLS sees it (x509_crt.c): the CA flag, or a self-signed certificate from before there were extensions.
bool may_sign(X509* certificate) {
  const int verdict = X509_check_ca(certificate);
  return verdict == 1 || verdict == 3;
}

}  // namespace

CertificatePtr certificate_from(ByteView der) {
  return parse_all<CertificatePtr>(der, d2i_X509);
}

KeyPtr private_key_from(ByteView der) {
  return parse_all<KeyPtr>(der, d2i_AutoPrivateKey);
}

KeyPtr public_key_from(ByteView der) {
  return parse_all<KeyPtr>(der, d2i_PUBKEY);
}

KeyFacts facts_of(EVP_PKEY* key) {
  KeyFacts facts;
  facts.bits = EVP_PKEY_get_bits(key);
  facts.fingerprint = public_key_digest(key);
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    facts.algorithm = KeyAlgorithm::rsa;
    facts.name = fmt::format("RSA {}", facts.bits);
  } else if (EVP_PKEY_is_a(key, "EC") == 1) {
    facts.algorithm = KeyAlgorithm::ec;
    facts.name = curve_name(key);
  } else {
    const char* type = EVP_PKEY_get0_type_name(key);
    facts.name = type != nullptr ? type : "unknown";
  }
  return facts;
}

CertificateFacts facts_of(X509* certificate) {
  CertificateFacts facts;
  facts.subject = name_text(X509_get_subject_name(certificate));
  facts.issuer = name_text(X509_get_issuer_name(certificate));
  facts.serial = serial_text(X509_get0_serialNumber(certificate));
  facts.not_before = date_of(X509_get0_notBefore(certificate));
  facts.not_after = date_of(X509_get0_notAfter(certificate));
  facts.signature = OBJ_nid2ln(X509_get_signature_nid(certificate));
  facts.fingerprint = certificate_digest(certificate);
  facts.is_ca = may_sign(certificate);
  facts.self_signed = X509_self_signed(certificate, 1) == 1;
  // A key of a kind that OpenSSL does not know leaves KeyFacts as they are: algorithm other, no fingerprint.
  if (EVP_PKEY* key = X509_get0_pubkey(certificate); key != nullptr) facts.key = facts_of(key);
  ERR_clear_error();
  return facts;
}

std::string form_of(ByteView der, EVP_PKEY* key) {
  if (parse_all<Pkcs8Ptr>(der, d2i_PKCS8_PRIV_KEY_INFO)) return "PKCS#8";
  return EVP_PKEY_is_a(key, "RSA") == 1 ? "PKCS#1" : "SEC1";
}

bool is_consistent(EVP_PKEY* key) {
  if (EVP_PKEY_get_bits(key) > kMaxCheckedBits) return true;
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  const int verdict = EVP_PKEY_pairwise_check(context.get());
  ERR_clear_error();
  // -2: OpenSSL has no such check for this kind of key.
  return verdict == 1 || verdict == -2;
}

}  // namespace atcert::credentials
