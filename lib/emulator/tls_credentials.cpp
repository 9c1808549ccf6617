// SPDX-License-Identifier: Apache-2.0
#include "emulator/tls_credentials.hpp"

#include <climits>
#include <optional>
#include <string>

#include <fmt/core.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pemerr.h>

namespace atcert::emulator {
namespace {

constexpr std::string_view kBeginCertificate = "-----BEGIN CERTIFICATE-----";

// mbedtls/pem.h + base64.h, x509.h, pk.h
constexpr unsigned kInvalidBase64 = 0x1100 + 0x002C;
constexpr unsigned kInvalidCertificate = 0x2180;
constexpr unsigned kUnknownCertificateFormat = 0x2780;
constexpr unsigned kInvalidKey = 0x3D00;
constexpr unsigned kKeyPasswordRequired = 0x3C00;

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioFree>;

BioPtr reader_of(const Secret& text) {
  return BioPtr(BIO_new_mem_buf(text.empty() ? "" : text.reveal_text().data(), static_cast<int>(text.size())));
}

struct PemBlock {
  std::string label;
  bool encrypted = false;
  Secret der;
};

// The next block, or nothing at the end or at a damaged one; `bad_base64` tells which.
std::optional<PemBlock> next_block(BIO& bio, bool& bad_base64) {
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* der = nullptr;
  long size = 0;
  ERR_clear_error();
  if (PEM_read_bio(&bio, &label, &header, &der, &size) != 1) {
    bad_base64 = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_BAD_BASE64_DECODE;
    ERR_clear_error();
    return std::nullopt;
  }
  const auto length = static_cast<std::size_t>(size);
  PemBlock block{label, header[0] != '\0', Secret(ByteView(der, length))};
  OPENSSL_free(label);
  OPENSSL_free(header);
  OPENSSL_clear_free(der, length);
  return block;
}

// A parameter set for EVP_PKEY_fromdata, which owns its numbers.
class KeyParameters {
 public:
  KeyParameters() : builder_(OSSL_PARAM_BLD_new()) {}
  ~KeyParameters() {
    OSSL_PARAM_BLD_free(builder_);
    BN_free(private_half_);
    BN_free(modulus_);
    BN_free(exponent_);
  }
  KeyParameters(const KeyParameters&) = delete;
  KeyParameters& operator=(const KeyParameters&) = delete;

  // A private exponent that does not belong to the modulus.
  KeyPtr rsa(const EVP_PKEY* public_key) {
    EVP_PKEY_get_bn_param(public_key, OSSL_PKEY_PARAM_RSA_N, &modulus_);
    EVP_PKEY_get_bn_param(public_key, OSSL_PKEY_PARAM_RSA_E, &exponent_);
    BN_set_word(private_half_, 3);
    OSSL_PARAM_BLD_push_BN(builder_, OSSL_PKEY_PARAM_RSA_N, modulus_);
    OSSL_PARAM_BLD_push_BN(builder_, OSSL_PKEY_PARAM_RSA_E, exponent_);
    OSSL_PARAM_BLD_push_BN(builder_, OSSL_PKEY_PARAM_RSA_D, private_half_);
    return build("RSA");
  }

  // A private scalar that does not belong to the point.
  KeyPtr ec(const EVP_PKEY* public_key) {
    char group[64] = "";
    unsigned char point[256];
    std::size_t point_size = 0;
    EVP_PKEY_get_utf8_string_param(public_key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), nullptr);
    EVP_PKEY_get_octet_string_param(public_key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &point_size);
    BN_set_word(private_half_, 3);
    OSSL_PARAM_BLD_push_utf8_string(builder_, OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
    OSSL_PARAM_BLD_push_octet_string(builder_, OSSL_PKEY_PARAM_PUB_KEY, point, point_size);
    OSSL_PARAM_BLD_push_BN(builder_, OSSL_PKEY_PARAM_PRIV_KEY, private_half_);
    return build("EC");
  }

 private:
  KeyPtr build(const char* type) {
    OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder_);
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr);
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata_init(context) == 1) EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    return KeyPtr(key);
  }

  OSSL_PARAM_BLD* builder_;
  BIGNUM* private_half_ = BN_new();
  BIGNUM* modulus_ = nullptr;
  BIGNUM* exponent_ = nullptr;
};

}  // namespace

Error mbedtls_error(std::string_view call, unsigned number) {
  return {ErrorKind::cloud, "mbedtls", fmt::format("{} returned -0x{:04X}", call, number), {}, {}};
}

Result<std::vector<X509Ptr>> parse_certificates(const Secret& pem, std::string_view call) {
  // Without this line mbedTLS takes the text for DER, with a length that counts the final zero.
  if (pem.reveal_text().find(kBeginCertificate) == std::string_view::npos) {
    return mbedtls_error(call, kInvalidCertificate);
  }
  const BioPtr bio = reader_of(pem);
  std::vector<X509Ptr> certificates;
  unsigned first_failure = 0;
  bool bad_base64 = false;
  while (const auto block = next_block(*bio, bad_base64)) {
    if (block->label != PEM_STRING_X509) continue;
    const unsigned char* der = block->der.reveal().data();
    X509Ptr certificate(d2i_X509(nullptr, &der, static_cast<long>(block->der.size())));
    if (certificate) {
      certificates.push_back(std::move(certificate));
    } else if (first_failure == 0) {
      first_failure = kInvalidCertificate;
    }
  }
  ERR_clear_error();
  if (!certificates.empty()) return certificates;
  if (first_failure == 0) first_failure = bad_base64 ? kInvalidBase64 : kUnknownCertificateFormat;
  return mbedtls_error(call, first_failure);
}

Result<KeyPtr> parse_key(const Secret& pem) {
  constexpr std::string_view kCall = "mbedtls_pk_parse_keyfile";
  const BioPtr bio = reader_of(pem);
  bool bad_base64 = false;
  while (const auto block = next_block(*bio, bad_base64)) {
    if (block->encrypted || block->label == PEM_STRING_PKCS8) return mbedtls_error(kCall, kKeyPasswordRequired);
    const bool is_key = block->label == PEM_STRING_RSA || block->label == PEM_STRING_ECPRIVATEKEY ||
                        block->label == PEM_STRING_PKCS8INF;
    if (!is_key) continue;
    const unsigned char* der = block->der.reveal().data();
    KeyPtr key(d2i_AutoPrivateKey(nullptr, &der, static_cast<long>(block->der.size())));
    ERR_clear_error();
    if (!key) return mbedtls_error(kCall, kInvalidKey);
    return key;
  }
  return mbedtls_error(kCall, bad_base64 ? kInvalidBase64 : kInvalidKey);
}

KeyPtr key_as_mbedtls_uses_it(X509& certificate, KeyPtr key) {
  const EVP_PKEY* public_key = X509_get0_pubkey(&certificate);
  if (public_key == nullptr || EVP_PKEY_eq(public_key, key.get()) == 1) return key;
  KeyParameters parameters;
  KeyPtr wrong = EVP_PKEY_is_a(public_key, "RSA") == 1 ? parameters.rsa(public_key) : parameters.ec(public_key);
  ERR_clear_error();
  return wrong ? std::move(wrong) : std::move(key);
}

}  // namespace atcert::emulator
