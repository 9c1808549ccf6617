// SPDX-License-Identifier: Apache-2.0
#include "credentials/public_key.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/core.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "base/digest.hpp"
#include "credentials/der.hpp"

namespace atcert::credentials {
namespace {

// RFC 8017 appendix C and RFC 5480 section 2.1.1.
constexpr std::array<std::uint8_t, 9> kRsa{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};
constexpr std::array<std::uint8_t, 7> kCurveKey{0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};

std::optional<KeyFacts> rsa_key(ByteView bits) {
  const auto sequence = der_whole(bits, DerTag::sequence);
  if (!sequence) return std::nullopt;
  DerReader reader(sequence->content);
  const auto modulus = reader.next(DerTag::integer);
  const auto exponent = reader.next(DerTag::integer);
  if (!reader.done() || !der_unsigned(*modulus) || !der_unsigned(*exponent)) return std::nullopt;
  return rsa_facts(*der_unsigned(*modulus), *der_unsigned(*exponent));
}

std::optional<KeyFacts> curve_key(ByteView parameters, ByteView bits) {
  const CurvePtr curve = named_curve(parameters);
  const PointPtr point = curve ? point_of(curve.get(), bits) : nullptr;
  if (!point) return std::nullopt;
  return curve_facts(curve.get(), point.get());
}

std::optional<KeyFacts> known_key(ByteView der) {
  const auto info = der_whole(der, DerTag::sequence);
  if (!info) return std::nullopt;
  DerReader parts(info->content);
  const auto algorithm = parts.next(DerTag::sequence);
  const auto key = parts.next(DerTag::bit_string);
  if (!parts.done()) return std::nullopt;
  DerReader identifier(algorithm->content);
  const auto name = identifier.next(DerTag::object_identifier);
  const auto parameters = identifier.next();
  const auto bits = der_bits(*key);
  if (!identifier.done() || !name || !parameters || !bits) return std::nullopt;
  if (is_rsa(name->content)) return rsa_key(*bits);
  return is_curve_key(name->content) ? curve_key(parameters->whole, *bits) : std::nullopt;
}

std::optional<KeyFacts> other_key(ByteView der) {
  const unsigned char* position = der.data();
  const KeyPtr key(d2i_PUBKEY(nullptr, &position, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!key || position != der.data() + der.size()) return std::nullopt;
  return facts_of(key.get());
}

std::string curve_name(int nid) {
  const char* nist = EC_curve_nid2nist(nid);
  return nist != nullptr ? nist : OBJ_nid2sn(nid);
}

std::string public_key_digest(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  ERR_clear_error();
  if (size <= 0) return {};
  const std::unique_ptr<unsigned char, decltype([](unsigned char* bytes) { OPENSSL_free(bytes); })> owner(der);
  return sha256({der, static_cast<std::size_t>(size)});
}

int bit_length(ByteView number) {
  return static_cast<int>(8 * (number.size() - 1)) + std::bit_width(number[0]);
}

// An integer's content: a leading zero keeps it from being negative.
Bytes der_integer(ByteView number) {
  Bytes content;
  if (number[0] >= 0x80) content.push_back(0);
  content.insert(content.end(), number.begin(), number.end());
  return der_value(DerTag::integer, content);
}

// The fingerprint is over one encoding of a key, however the file had it, so that equal keys have equal fingerprints.
std::string fingerprint(ByteView algorithm, ByteView parameters, ByteView bits) {
  const Bytes identifier =
      der_value(DerTag::sequence, joined(der_value(DerTag::object_identifier, algorithm), parameters));
  const Bytes key = der_value(DerTag::bit_string, joined(Bytes{0}, bits));
  return sha256(der_value(DerTag::sequence, joined(identifier, key)));
}

}  // namespace

std::optional<KeyFacts> public_key_facts(ByteView der) {
  auto facts = known_key(der);
  return facts ? facts : other_key(der);
}

bool is_of_known_kind(ByteView der) {
  const auto info = der_whole(der, DerTag::sequence);
  const auto algorithm = info ? DerReader(info->content).next(DerTag::sequence) : std::nullopt;
  const auto name = algorithm ? DerReader(algorithm->content).next(DerTag::object_identifier) : std::nullopt;
  return name && (is_rsa(name->content) || is_curve_key(name->content));
}

KeyFacts rsa_facts(ByteView modulus, ByteView exponent) {
  const int bits = bit_length(modulus);
  const Bytes key = der_value(DerTag::sequence, joined(der_integer(modulus), der_integer(exponent)));
  return {KeyAlgorithm::rsa, bits, fmt::format("RSA {}", bits), fingerprint(kRsa, der_value(DerTag::null, {}), key)};
}

Bytes uncompressed(const EC_GROUP* curve, const EC_POINT* point) {
  Bytes bytes(EC_POINT_point2oct(curve, point, POINT_CONVERSION_UNCOMPRESSED, nullptr, 0, nullptr));
  EC_POINT_point2oct(curve, point, POINT_CONVERSION_UNCOMPRESSED, bytes.data(), bytes.size(), nullptr);
  return bytes;
}

KeyFacts curve_facts(const EC_GROUP* curve, const EC_POINT* point) {
  const int nid = EC_GROUP_get_curve_name(curve);
  const ObjectPtr name(OBJ_nid2obj(nid));
  const ByteView object(OBJ_get0_data(name.get()), OBJ_length(name.get()));
  return {KeyAlgorithm::ec, EC_GROUP_order_bits(curve), curve_name(nid),
          fingerprint(kCurveKey, der_value(DerTag::object_identifier, object), uncompressed(curve, point))};
}

KeyFacts facts_of(EVP_PKEY* key) {
  KeyFacts facts;
  facts.bits = EVP_PKEY_get_bits(key);
  facts.fingerprint = public_key_digest(key);
  std::array<char, 64> group{};
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    facts.algorithm = KeyAlgorithm::rsa;
    facts.name = fmt::format("RSA {}", facts.bits);
  } else if (EVP_PKEY_is_a(key, "EC") == 1) {
    facts.algorithm = KeyAlgorithm::ec;
    const bool named = EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1;
    facts.name = named ? curve_name(OBJ_txt2nid(group.data())) : "an unnamed curve";
  } else {
    const char* type = EVP_PKEY_get0_type_name(key);
    facts.name = type != nullptr ? type : "unknown";
  }
  ERR_clear_error();
  return facts;
}

bool is_rsa(ByteView algorithm) {
  return std::ranges::equal(algorithm, kRsa);
}

bool is_curve_key(ByteView algorithm) {
  return std::ranges::equal(algorithm, kCurveKey);
}

CurvePtr named_curve(ByteView der) {
  if (!der_whole(der, DerTag::object_identifier)) return nullptr;  // OpenSSL does not look at all of the tag
  const unsigned char* position = der.data();
  const ObjectPtr name(d2i_ASN1_OBJECT(nullptr, &position, static_cast<long>(der.size())));
  CurvePtr curve(name ? EC_GROUP_new_by_curve_name(OBJ_obj2nid(name.get())) : nullptr);
  if (!curve) ERR_clear_error();
  return curve;
}

PointPtr point_of(const EC_GROUP* curve, ByteView bytes) {
  PointPtr point(EC_POINT_new(curve));
  if (EC_POINT_oct2point(curve, point.get(), bytes.data(), bytes.size(), nullptr) == 1) return point;
  ERR_clear_error();
  return nullptr;
}

}  // namespace atcert::credentials
