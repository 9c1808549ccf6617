// SPDX-License-Identifier: Apache-2.0
#include "credentials/certificate.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/digest.hpp"
#include "credentials/amazon_roots.hpp"
#include "credentials/der.hpp"
#include "credentials/openssl.hpp"
#include "credentials/pem.hpp"
#include "credentials/public_key.hpp"

namespace atcert::credentials {
namespace {

using IntegerPtr = std::unique_ptr<ASN1_INTEGER, FreeWith<ASN1_INTEGER_free>>;
using NamePtr = std::unique_ptr<X509_NAME, FreeWith<X509_NAME_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using PublicKeyPtr = std::unique_ptr<X509_PUBKEY, FreeWith<X509_PUBKEY_free>>;

// RFC 5280 sections 4.2.1.3 and 4.2.1.9.
constexpr std::array<std::uint8_t, 3> kKeyUsage{0x55, 0x1D, 0x0F};
constexpr std::array<std::uint8_t, 3> kBasicConstraints{0x55, 0x1D, 0x13};
constexpr std::uint8_t kKeyCertSign = 0x04;  // in the first byte of the bit string

// The parts of a certificate, each as it stands there.
struct Parts {
  DerValue serial;
  DerValue signature;  // the algorithm's identifier
  DerValue issuer;
  DerValue not_before;
  DerValue not_after;
  DerValue subject;
  DerValue key;  // SubjectPublicKeyInfo
  unsigned version = 1;
  std::optional<bool> ca;        // what basicConstraints say
  std::optional<bool> may_sign;  // what keyUsage says
};

// An object of OpenSSL's that fills the value.
template <typename Ptr, typename Parse>
Ptr parsed(const DerValue& value, Parse parse) {
  const unsigned char* position = value.whole.data();
  Ptr object(parse(nullptr, &position, static_cast<long>(value.whole.size())));
  if (object && position == value.whole.data() + value.whole.size()) return object;
  ERR_clear_error();
  return nullptr;
}

bool read_basic_constraints(ByteView content, Parts& parts) {
  const auto sequence = der_whole(content, DerTag::sequence);
  if (!sequence) return false;
  DerReader reader(sequence->content);
  const auto ca = reader.next_if(DerTag::boolean);
  const auto path_length = reader.next_if(DerTag::integer);
  parts.ca = ca && ca->content.size() == 1 && ca->content[0] != 0;
  return reader.done() && (!path_length || der_unsigned(*path_length));
}

bool read_key_usage(ByteView content, Parts& parts) {
  const auto bits = der_whole(content, DerTag::bit_string);
  if (!bits || bits->content.size() < 2) return false;
  parts.may_sign = (bits->content[1] & kKeyCertSign) != 0;
  return true;
}

// `names` are those of the extensions before it: none may stand twice (RFC 5280 section 4.2).
bool read_extension(const DerValue& extension, std::set<std::string_view>& names, Parts& parts) {
  DerReader reader(extension.content);
  const auto name = reader.next(DerTag::object_identifier);
  const auto critical = reader.next_if(DerTag::boolean);
  const auto content = reader.next(DerTag::octet_string);
  if (critical && critical->content.size() != 1) return false;
  if (!reader.done() || !names.insert(as_text(name->content)).second) return false;
  if (std::ranges::equal(name->content, kBasicConstraints)) return read_basic_constraints(content->content, parts);
  if (std::ranges::equal(name->content, kKeyUsage)) return read_key_usage(content->content, parts);
  return true;
}

bool read_extensions(const DerValue& wrapped, Parts& parts) {
  const auto list = der_whole(wrapped.content, DerTag::sequence);
  if (!list) return false;
  DerReader reader(list->content);
  std::set<std::string_view> names;
  while (const auto extension = reader.next()) {
    if (extension->tag != static_cast<std::uint8_t>(DerTag::sequence) || !read_extension(*extension, names, parts))
      return false;
  }
  return reader.done();
}

// 1 to 3, and 1 where nothing is said; 0 for what is no version.
unsigned version_of(const std::optional<DerValue>& wrapped) {
  if (!wrapped) return 1;
  const auto integer = der_whole(wrapped->content, DerTag::integer);
  const auto number = integer ? der_unsigned(*integer) : std::nullopt;
  return number && number->size() == 1 && number->front() < 3 ? number->front() + 1U : 0;
}

// What may follow the key: unique identifiers from version 2, extensions from version 3, each once and in this order.
bool read_additions(DerReader& reader, Parts& parts) {
  if (parts.version >= 2) {
    reader.next_if(DerTag::implicit_1);
    reader.next_if(DerTag::implicit_2);
  }
  const auto extensions = parts.version == 3 ? reader.next_if(DerTag::context_3) : std::nullopt;
  return (!extensions || read_extensions(*extensions, parts)) && reader.done();
}

// What is signed: TBSCertificate.
bool read_signed(const DerValue& content, Parts& parts) {
  DerReader reader(content.content);
  parts.version = version_of(reader.next_if(DerTag::context_0));
  const auto serial = reader.next(DerTag::integer);
  const auto signature = reader.next(DerTag::sequence);
  const auto issuer = reader.next(DerTag::sequence);
  const auto validity = reader.next(DerTag::sequence);
  const auto subject = reader.next(DerTag::sequence);
  const auto key = reader.next(DerTag::sequence);
  if (!key || parts.version == 0) return false;
  DerReader dates(validity->content);
  const auto not_before = dates.next();
  const auto not_after = dates.next();
  if (!not_after || !dates.done()) return false;
  parts.serial = *serial;
  parts.signature = *signature;
  parts.issuer = *issuer;
  parts.not_before = *not_before;
  parts.not_after = *not_after;
  parts.subject = *subject;
  parts.key = *key;
  return read_additions(reader, parts);
}

std::optional<Parts> split(ByteView der) {
  const auto whole = der_whole(der, DerTag::sequence);
  if (!whole) return std::nullopt;
  DerReader reader(whole->content);
  const auto content = reader.next(DerTag::sequence);
  const auto signature = reader.next(DerTag::sequence);
  const auto bits = reader.next(DerTag::bit_string);
  Parts parts;
  if (!bits || !reader.done() || !read_signed(*content, parts)) return std::nullopt;
  const auto signature_bits = der_bits(*bits);
  if (!signature_bits || signature_bits->empty()) return std::nullopt;
  // The identifier stands twice, and RFC 5280 section 4.1.1.2 and mbedTLS want it the same.
  return std::ranges::equal(signature->whole, parts.signature.whole) ? std::optional(parts) : std::nullopt;
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

// RFC 5280 section 4.1.2.5: YYMMDDHHMMSSZ, or YYYYMMDDHHMMSSZ; no fractions and no offsets.
std::optional<Date> date_of(const DerValue& value) {
  const bool two_digits = value.tag == static_cast<std::uint8_t>(DerTag::utc_time);
  if (!two_digits && value.tag != static_cast<std::uint8_t>(DerTag::generalized_time)) return std::nullopt;
  std::string_view text = as_text(value.content);
  if (text.size() != (two_digits ? 13 : 15) || text.back() != 'Z') return std::nullopt;
  text.remove_suffix(1);
  if (text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  const auto take = [&text](std::size_t digits) {
    int number = 0;
    for (const char digit : text.substr(0, digits)) number = number * 10 + (digit - '0');
    text.remove_prefix(digits);
    return number;
  };
  const int given = take(two_digits ? 2 : 4);
  const int year = !two_digits ? given : given < 50 ? 2000 + given : 1900 + given;
  const int month = take(2);
  const int day = take(2);
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  const int hour = take(2);
  const int minute = take(2);
  const int second = take(2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

// "sha256WithRSAEncryption", or the numbers of an identifier without a name.
std::optional<std::string> algorithm_name(const DerValue& identifier) {
  DerReader reader(identifier.content);
  const auto name = reader.next(DerTag::object_identifier);
  const ObjectPtr object = name ? parsed<ObjectPtr>(*name, d2i_ASN1_OBJECT) : nullptr;
  if (!object) return std::nullopt;
  std::array<char, 80> text{};
  OBJ_obj2txt(text.data(), text.size(), object.get(), 0);
  return std::string(text.data());
}

bool signed_by_own_key(ByteView der) {
  const unsigned char* position = der.data();
  const CertificatePtr certificate(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
  const bool verdict = certificate && X509_self_signed(certificate.get(), 1) == 1;
  ERR_clear_error();
  return verdict;
}

// A root that AWS publishes needs no proof: it is known byte for byte.
bool is_amazon_root(ByteView der, std::string_view key_fingerprint) {
  return std::ranges::any_of(amazon_roots(), [&](const AmazonRoot& root) {
    if (root.key_fingerprint != key_fingerprint) return false;
    const PemText text = read_pem(Secret(root.pem));
    return text.blocks.front().der.equals(der);
  });
}

// As mbedTLS sees it (x509_crt.c): the CA flag, or a self-signed certificate from before there were extensions.
bool may_sign(const Parts& parts, bool own_issuer) {
  if (!parts.may_sign.value_or(true)) return false;
  return parts.ca.value_or(parts.version == 1 && own_issuer);
}

}  // namespace

std::optional<CertificateFacts> certificate_facts(ByteView der) {
  const auto parts = split(der);
  if (!parts) return std::nullopt;
  const auto subject = parsed<NamePtr>(parts->subject, d2i_X509_NAME);
  const auto issuer = parsed<NamePtr>(parts->issuer, d2i_X509_NAME);
  const auto serial = parsed<IntegerPtr>(parts->serial, d2i_ASN1_INTEGER);
  const auto not_before = date_of(parts->not_before);
  const auto not_after = date_of(parts->not_after);
  auto signature = algorithm_name(parts->signature);
  if (!subject || !issuer || !serial || !not_before || !not_after || !signature) return std::nullopt;
  const bool own_issuer = X509_NAME_cmp(subject.get(), issuer.get()) == 0;
  CertificateFacts facts;
  facts.subject = name_text(subject.get());
  facts.issuer = name_text(issuer.get());
  facts.serial = serial_text(serial.get());
  facts.not_before = *not_before;
  facts.not_after = *not_after;
  facts.signature = std::move(*signature);
  facts.fingerprint = sha256(der);
  facts.size = der.size();
  facts.is_ca = may_sign(*parts, own_issuer);
  if (auto key = public_key_facts(parts->key.whole)) {
    facts.key = std::move(*key);
  } else if (is_of_known_kind(parts->key.whole) || !parsed<PublicKeyPtr>(parts->key, d2i_X509_PUBKEY)) {
    return std::nullopt;
  }  // else a key of a kind that nobody here knows: algorithm other, no fingerprint
  facts.self_signed = own_issuer && (is_amazon_root(der, facts.key.fingerprint) || signed_by_own_key(der));
  return facts;
}

}  // namespace atcert::credentials
