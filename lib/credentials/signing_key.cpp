// SPDX-License-Identifier: Apache-2.0
#include "credentials/signing_key.hpp"

#include <array>
#include <memory>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>

#include "credentials/der.hpp"
#include "credentials/pem.hpp"
#include "credentials/public_key.hpp"

namespace atcert::credentials {
namespace {

using NumberPtr = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;
using ParametersPtr = std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM_free>>;
using BuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD_free>>;
using MakerPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;

// On the secure heap; so is then the parameter that is built of it.
NumberPtr secure_number(ByteView bytes) {
  NumberPtr number(BN_secure_new());
  BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), number.get());
  return number;
}

KeyPtr make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const ParametersPtr parameters(OSSL_PARAM_BLD_to_param(builder));
  const MakerPtr maker(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(maker.get()) == 1) {
    EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_KEYPAIR, parameters.get());
  }
  ERR_clear_error();
  return KeyPtr(key);
}

// RFC 8017 appendix A.1.2.
KeyPtr rsa_key(ByteView der) {
  constexpr std::array kNames = {OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
                                 OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
                                 OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
                                 OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
  const auto sequence = der_whole(der, DerTag::sequence);
  if (!sequence) return nullptr;
  DerReader reader(sequence->content);
  reader.next(DerTag::integer);  // the version
  std::array<NumberPtr, kNames.size()> numbers;
  const BuilderPtr builder(OSSL_PARAM_BLD_new());
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto integer = reader.next(DerTag::integer);
    const auto bytes = integer ? der_unsigned(*integer) : std::nullopt;
    if (!bytes) return nullptr;
    numbers[i] = secure_number(*bytes);
    OSSL_PARAM_BLD_push_BN(builder.get(), kNames[i], numbers[i].get());
  }
  return make_key("RSA", builder.get());
}

// RFC 5915.
KeyPtr curve_key(ByteView der, CurvePtr curve) {
  const auto sequence = der_whole(der, DerTag::sequence);
  if (!sequence) return nullptr;
  DerReader reader(sequence->content);
  reader.next(DerTag::integer);  // the version
  const auto secret = reader.next(DerTag::octet_string);
  const auto parameters = reader.next_if(DerTag::context_0);
  if (!curve && parameters) curve = named_curve(parameters->content);
  if (!curve || !secret) return nullptr;
  const NumberPtr number = secure_number(secret->content);
  const PointPtr point(EC_POINT_new(curve.get()));
  if (EC_POINT_mul(curve.get(), point.get(), number.get(), nullptr, nullptr, nullptr) != 1) return nullptr;
  const Bytes encoded = uncompressed(curve.get(), point.get());
  const BuilderPtr builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                  OBJ_nid2sn(EC_GROUP_get_curve_name(curve.get())), 0);
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get());
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded.data(), encoded.size());
  return make_key("EC", builder.get());
}

// RFC 5208.
KeyPtr wrapped_key(ByteView der) {
  const auto sequence = der_whole(der, DerTag::sequence);
  if (!sequence) return nullptr;
  DerReader reader(sequence->content);
  reader.next(DerTag::integer);  // the version
  const auto algorithm = reader.next(DerTag::sequence);
  const auto key = reader.next(DerTag::octet_string);
  if (!algorithm || !key) return nullptr;
  DerReader identifier(algorithm->content);
  const auto name = identifier.next(DerTag::object_identifier);
  const auto parameters = identifier.next();
  if (!name || !parameters) return nullptr;
  if (is_rsa(name->content)) return rsa_key(key->content);
  return is_curve_key(name->content) ? curve_key(key->content, named_curve(parameters->whole)) : nullptr;
}

}  // namespace

KeyPtr signing_key(const Secret& pem) {
  const PemText text = read_pem(pem);
  if (text.blocks.size() != 1) return nullptr;
  const ByteView der = text.blocks.front().der.reveal();
  KeyPtr key = rsa_key(der);
  if (!key) key = curve_key(der, nullptr);
  return key ? std::move(key) : wrapped_key(der);
}

}  // namespace atcert::credentials
