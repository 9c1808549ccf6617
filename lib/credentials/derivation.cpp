// SPDX-License-Identifier: Apache-2.0
#include "credentials/derivation.hpp"

#include <memory>

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include "credentials/openssl.hpp"

namespace atcert::credentials {
namespace {

using EncryptedPtr = std::unique_ptr<X509_SIG, FreeWith<X509_SIG_free>>;
using SchemePtr = std::unique_ptr<PBE2PARAM, FreeWith<PBE2PARAM_free>>;
using Pbkdf2Ptr = std::unique_ptr<PBKDF2PARAM, FreeWith<PBKDF2PARAM_free>>;
using OldPtr = std::unique_ptr<PBEPARAM, FreeWith<PBEPARAM_free>>;
using ScryptPtr = std::unique_ptr<SCRYPT_PARAMS, FreeWith<SCRYPT_PARAMS_free>>;

// The parameters of an algorithm, where they are of the type of `item`.
template <typename Ptr>
Ptr parameters_of(const X509_ALGOR& algorithm, const ASN1_ITEM* item) {
  int type = 0;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, &algorithm);
  if (type != V_ASN1_SEQUENCE) return nullptr;
  Ptr parameters(
      static_cast<typename Ptr::element_type*>(ASN1_item_unpack(static_cast<const ASN1_STRING*>(value), item)));
  ERR_clear_error();
  return parameters;
}

int name_of(const X509_ALGOR& algorithm) {
  const ASN1_OBJECT* name = nullptr;
  X509_ALGOR_get0(&name, nullptr, nullptr, &algorithm);
  return OBJ_obj2nid(name);
}

// What is negative or does not fit a long is more than any.
bool exceeds(const ASN1_INTEGER* number, long most) {
  const long value = ASN1_INTEGER_get(number);
  return value < 0 || value > most;
}

bool is_slow_scrypt(const SCRYPT_PARAMS& scrypt, long most) {
  for (const ASN1_INTEGER* number : {scrypt.costParameter, scrypt.blockSize, scrypt.parallelizationParameter}) {
    if (exceeds(number, most)) return true;
    const long factor = ASN1_INTEGER_get(number);
    if (factor > 0) most /= factor;
  }
  return false;
}

}  // namespace

bool is_too_slow(const X509_ALGOR& algorithm, long most) {
  if (name_of(algorithm) != NID_pbes2) {
    const auto old = parameters_of<OldPtr>(algorithm, ASN1_ITEM_rptr(PBEPARAM));
    return old && exceeds(old->iter, most);
  }
  const auto scheme = parameters_of<SchemePtr>(algorithm, ASN1_ITEM_rptr(PBE2PARAM));
  if (!scheme) return false;
  if (name_of(*scheme->keyfunc) == NID_id_scrypt) {
    const auto scrypt = parameters_of<ScryptPtr>(*scheme->keyfunc, ASN1_ITEM_rptr(SCRYPT_PARAMS));
    return scrypt && is_slow_scrypt(*scrypt, most);
  }
  const auto pbkdf2 = parameters_of<Pbkdf2Ptr>(*scheme->keyfunc, ASN1_ITEM_rptr(PBKDF2PARAM));
  return pbkdf2 && exceeds(pbkdf2->iter, most);
}

bool is_too_slow(const Secret& encrypted, long most) {
  const unsigned char* position = encrypted.reveal().data();
  const EncryptedPtr key(d2i_X509_SIG(nullptr, &position, static_cast<long>(encrypted.size())));
  ERR_clear_error();
  if (!key) return false;
  const X509_ALGOR* algorithm = nullptr;
  X509_SIG_get0(key.get(), &algorithm, nullptr);
  return is_too_slow(*algorithm, most);
}

}  // namespace atcert::credentials
