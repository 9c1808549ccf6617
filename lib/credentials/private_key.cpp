// SPDX-License-Identifier: Apache-2.0
#include "credentials/private_key.hpp"

#include <array>
#include <initializer_list>
#include <memory>

#include <fmt/core.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "credentials/der.hpp"
#include "credentials/firmware.hpp"
#include "credentials/pem.hpp"
#include "credentials/public_key.hpp"
#include "firmware_tls/reader.hpp"

namespace atcert::credentials {
namespace {

using NumberPtr = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;
using ArithmeticPtr = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;

// Larger RSA keys are refused for their size; calculating with them would take long.
constexpr int kMaxCheckedBits = 4096;

constexpr const char* kPkcs1 = "PKCS#1";
constexpr const char* kPkcs8 = "PKCS#8";
constexpr const char* kSec1 = "SEC1";

NumberPtr number_of(ByteView bytes) {
  return NumberPtr(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

bool is_version(const std::optional<DerValue>& value, std::uint8_t version) {
  return value && value->content.size() == 1 && value->content[0] == version;
}

// The numbers of an RSA private key by their names in RFC 8017.
struct RsaNumbers {
  NumberPtr n, e, d, p, q, dp, dq, qi;
};

// RFC 8017 section 3.2, but for p and q being prime: damage cannot leave their product right.
class RsaCheck {
 public:
  explicit RsaCheck(const RsaNumbers& key) : key_(key) {}

  bool run() {
    const BIGNUM& p = *key_.p;
    const BIGNUM& q = *key_.q;
    if (BN_num_bits(&p) < 2 || BN_num_bits(&q) < 2) return false;
    const NumberPtr product = fresh();
    const NumberPtr p1 = fresh(), q1 = fresh();
    if (BN_mul(product.get(), &p, &q, arithmetic()) != 1 || BN_cmp(product.get(), key_.n.get()) != 0) return false;
    if (BN_sub(p1.get(), &p, BN_value_one()) != 1 || BN_sub(q1.get(), &q, BN_value_one()) != 1) return false;
    return product_is_one(*key_.e, *key_.d, *p1) && product_is_one(*key_.e, *key_.d, *q1) &&
           product_is_one(*key_.q, *key_.qi, p) && is_rest(*key_.dp, *p1) && is_rest(*key_.dq, *q1);
  }

 private:
  static NumberPtr fresh() { return NumberPtr(BN_new()); }
  BN_CTX* arithmetic() { return arithmetic_.get(); }

  bool product_is_one(const BIGNUM& left, const BIGNUM& right, const BIGNUM& modulus) {
    const NumberPtr result = fresh();
    return BN_mod_mul(result.get(), &left, &right, &modulus, arithmetic()) == 1 && BN_is_one(result.get());
  }

  bool is_rest(const BIGNUM& rest, const BIGNUM& modulus) {
    const NumberPtr result = fresh();
    return BN_nnmod(result.get(), key_.d.get(), &modulus, arithmetic()) == 1 && BN_cmp(result.get(), &rest) == 0;
  }

  const RsaNumbers& key_;
  ArithmeticPtr arithmetic_{BN_CTX_new()};
};

// RFC 8017 appendix A.1.2, of two primes.
std::optional<PrivateKey> rsa_key(ByteView der, const char* form) {
  const auto sequence = der_whole(der, DerTag::sequence);
  if (!sequence) return std::nullopt;
  DerReader reader(sequence->content);
  if (!is_version(reader.next(DerTag::integer), 0)) return std::nullopt;
  std::array<ByteView, 8> values;
  for (ByteView& value : values) {
    const auto integer = reader.next(DerTag::integer);
    const auto bytes = integer ? der_unsigned(*integer) : std::nullopt;
    if (!bytes) return std::nullopt;
    value = *bytes;
  }
  if (!reader.done()) return std::nullopt;
  const auto number = [&](std::size_t i) { return number_of(values[i]); };
  const RsaNumbers numbers{number(0), number(1), number(2), number(3), number(4), number(5), number(6), number(7)};
  PrivateKey key{rsa_facts(values[0], values[1]), form, true, Secret(der), {}};
  key.consistent = key.facts.bits > kMaxCheckedBits || RsaCheck(numbers).run();
  return key;
}

// A value of DER whose contents may be secret.
Secret secret_value(DerTag tag, std::initializer_list<ByteView> contents) {
  std::size_t size = 0;
  for (const ByteView content : contents) size += content.size();
  Secret value(der_header(tag, size));
  for (const ByteView content : contents) value.append(content);
  return value;
}

Bytes identifier_of(const EC_GROUP* curve) {
  const ObjectPtr name(OBJ_nid2obj(EC_GROUP_get_curve_name(curve)));
  return der_value(DerTag::object_identifier, {OBJ_get0_data(name.get()), OBJ_length(name.get())});
}

// RFC 5915, with the whole point, and with the name of the curve where it does not stand beside the key.
Secret written_out(const EC_GROUP* curve, const BIGNUM& number, const EC_POINT* point, const char* form) {
  Secret secret = Secret::of_size((static_cast<std::size_t>(EC_GROUP_order_bits(curve)) + 7) / 8);
  BN_bn2binpad(&number, secret.writable().data(), static_cast<int>(secret.size()));
  const Bytes public_point = joined(Bytes{0}, uncompressed(curve, point));
  const Bytes version = der_value(DerTag::integer, Bytes{1});
  const Bytes name = form == kPkcs8 ? Bytes() : der_value(DerTag::context_0, identifier_of(curve));
  return secret_value(DerTag::sequence, {version, secret_value(DerTag::octet_string, {secret.reveal()}).reveal(), name,
                                         der_value(DerTag::context_1, der_value(DerTag::bit_string, public_point))});
}

bool is_private_number(const BIGNUM& number, const EC_GROUP* curve) {
  return !BN_is_zero(&number) && BN_cmp(&number, EC_GROUP_get0_order(curve)) < 0;
}

// RFC 5915. The curve stands in the key, or beside it in PKCS#8.
std::optional<PrivateKey> curve_key(ByteView der, CurvePtr curve, const char* form) {
  const auto sequence = der_whole(der, DerTag::sequence);
  if (!sequence) return std::nullopt;
  DerReader reader(sequence->content);
  if (!is_version(reader.next(DerTag::integer), 1)) return std::nullopt;
  const auto secret = reader.next(DerTag::octet_string);
  const auto parameters = reader.next_if(DerTag::context_0);
  const auto given_point = reader.next_if(DerTag::context_1);
  if (!secret || !reader.done()) return std::nullopt;
  if (!curve && parameters) curve = named_curve(parameters->content);
  if (!curve) return std::nullopt;
  const NumberPtr number = number_of(secret->content);
  const PointPtr point(EC_POINT_new(curve.get()));
  if (!is_private_number(*number, curve.get()) ||
      EC_POINT_mul(curve.get(), point.get(), number.get(), nullptr, nullptr, nullptr) != 1) {
    return PrivateKey{{}, form, false, {}, {}};
  }
  PrivateKey key{
      curve_facts(curve.get(), point.get()), form, true, written_out(curve.get(), *number, point.get(), form), {}};
  if (!given_point) return key;
  const auto bit_string = der_whole(given_point->content, DerTag::bit_string);
  const auto bits = bit_string ? der_bits(*bit_string) : std::nullopt;
  const PointPtr given = bits ? point_of(curve.get(), *bits) : nullptr;
  key.consistent = given && EC_POINT_cmp(curve.get(), point.get(), given.get(), nullptr) == 0;
  return key;
}

// RFC 5208, without attributes.
Secret wrapped(ByteView algorithm, ByteView parameters, ByteView key) {
  const Bytes identifier =
      der_value(DerTag::sequence, joined(der_value(DerTag::object_identifier, algorithm), parameters));
  const Bytes version = der_value(DerTag::integer, Bytes{0});
  return secret_value(DerTag::sequence, {version, identifier, secret_value(DerTag::octet_string, {key}).reveal()});
}

std::optional<PrivateKey> inner_key(const DerValue& algorithm, ByteView bytes) {
  DerReader identifier(algorithm.content);
  const auto name = identifier.next(DerTag::object_identifier);
  const auto parameters = identifier.next();
  if (!name || !parameters || !identifier.done()) return std::nullopt;
  std::optional<PrivateKey> key;
  if (is_rsa(name->content)) {
    key = rsa_key(bytes, kPkcs8);
    if (key) key->rewritten = wrapped(name->content, der_value(DerTag::null, {}), key->rewritten.reveal());
  } else if (CurvePtr curve = is_curve_key(name->content) ? named_curve(parameters->whole) : nullptr) {
    key = curve_key(bytes, std::move(curve), kPkcs8);
    if (key) key->rewritten = wrapped(name->content, parameters->whole, key->rewritten.reveal());
  }
  return key;
}

// RFC 5208, and RFC 5958, which adds the public key.
std::optional<PrivateKey> wrapped_key(ByteView der) {
  const auto sequence = der_whole(der, DerTag::sequence);
  if (!sequence) return std::nullopt;
  DerReader reader(sequence->content);
  const auto version = reader.next(DerTag::integer);
  if (!is_version(version, 0) && !is_version(version, 1)) return std::nullopt;
  const auto algorithm = reader.next(DerTag::sequence);
  const auto wrapped = reader.next(DerTag::octet_string);
  const auto attributes = reader.next_if(DerTag::context_0);
  reader.next_if(DerTag::implicit_1);  // the public key
  if (!reader.done() || !algorithm || !wrapped) return std::nullopt;
  auto key = inner_key(*algorithm, wrapped->content);
  if (key && attributes) key->reason = "it has PKCS#8 attributes, which the firmware of 3.3 and later cannot read";
  return key;
}

bool is_consistent(EVP_PKEY* key) {
  if (EVP_PKEY_get_bits(key) > kMaxCheckedBits) return true;
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  const int verdict = EVP_PKEY_pairwise_check(context.get());
  ERR_clear_error();
  return verdict == 1 || verdict == -2;  // -2: OpenSSL has no such check for this kind of key
}

// Of a curve that is given by its numbers and has a name.
Secret with_named_curve(EVP_PKEY* key) {
  std::array<char, 64> name{};
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) != 1) return {};
  const CurvePtr curve(EC_GROUP_new_by_curve_name(OBJ_txt2nid(name.data())));
  BIGNUM* value = nullptr;
  if (!curve || EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &value) != 1) return {};
  const NumberPtr number(value);
  const PointPtr point(EC_POINT_new(curve.get()));
  if (EC_POINT_mul(curve.get(), point.get(), number.get(), nullptr, nullptr, nullptr) != 1) return {};
  return written_out(curve.get(), *number, point.get(), kSec1);
}

// Kinds that no module takes, and curves that are given by their numbers.
std::optional<PrivateKey> other_key(ByteView der) {
  const unsigned char* position = der.data();
  const KeyPtr key(d2i_AutoPrivateKey(nullptr, &position, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!key || position != der.data() + der.size()) return std::nullopt;
  const bool rsa = EVP_PKEY_is_a(key.get(), "RSA") == 1;
  DerReader reader(der_whole(der, DerTag::sequence).value_or(DerValue{}).content);
  reader.next();
  const bool is_wrapped = reader.next(DerTag::sequence).has_value();
  PrivateKey found{facts_of(key.get()), is_wrapped ? kPkcs8 : rsa ? kPkcs1 : kSec1, is_consistent(key.get()), {}, {}};
  if (EVP_PKEY_is_a(key.get(), "EC") == 1) {
    found.rewritten = with_named_curve(key.get());
    if (!found.rewritten.empty()) found.form = kSec1;
  }
  return found;
}

std::optional<firmware_tls::Refusal> refusal_of(const PrivateKey& key, ByteView der) {
  return firmware_tls::read_private_key(write_pem(label_of_form(key.form), der), kNewestFirmware);
}

// Leaves the key as it is where the firmware reads it, or would not read it in another form either; else `key` says
// why, and how it reads it. Most keys are in the other form already, and nothing has to be found out.
void fit_for_firmware(ByteView der, PrivateKey& key) {
  if (key.rewritten.equals(der)) {
    key.rewritten = {};
    key.reason.clear();
    return;
  }
  const auto refusal = refusal_of(key, der);
  if (!refusal || !key.consistent || key.rewritten.empty() || refusal_of(key, key.rewritten.reveal())) {
    key.rewritten = {};
    key.reason.clear();
  } else if (key.reason.empty()) {
    key.reason = fmt::format("the firmware's TLS library does not read it as it is: {}", refusal->text());
  }
}

}  // namespace

std::string label_of_form(std::string_view form) {
  if (form == kPkcs1) return "RSA PRIVATE KEY";
  return form == kSec1 ? "EC PRIVATE KEY" : "PRIVATE KEY";
}

std::optional<PrivateKey> read_private_key(ByteView der) {
  auto key = rsa_key(der, kPkcs1);
  if (!key) key = curve_key(der, nullptr, kSec1);
  if (!key) key = wrapped_key(der);
  if (!key) key = other_key(der);
  if (!key || !key->consistent) ERR_clear_error();
  if (key) fit_for_firmware(der, *key);
  return key;
}

}  // namespace atcert::credentials
