// SPDX-License-Identifier: Apache-2.0
#include "support/odd_items.hpp"

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/secret.hpp"

namespace atcert::test {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(ASN1_OBJECT* object) const { ASN1_OBJECT_free(object); }
  void operator()(ASN1_OCTET_STRING* string) const { ASN1_OCTET_STRING_free(string); }
};
template <typename T>
using Ptr = std::unique_ptr<T, Free>;

Ptr<EVP_PKEY> new_key(const std::string& kind) {
  Ptr<EVP_PKEY> key(kind == "RSA" ? EVP_RSA_gen(2048) : EVP_EC_gen(kind.c_str()));
  REQUIRE(key);
  return key;
}

template <typename Write>
std::string written(Write write) {
  const Ptr<BIO> bio(BIO_new(BIO_s_mem()));
  REQUIRE(write(bio.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

void add(X509& certificate, const Extension& odd) {
  const Ptr<ASN1_OBJECT> oid(OBJ_txt2obj(odd.oid.c_str(), 1));
  const Ptr<ASN1_OCTET_STRING> value(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(value.get(), reinterpret_cast<const unsigned char*>(odd.value.data()),
                        static_cast<int>(odd.value.size()));
  const Ptr<X509_EXTENSION> extension(
      X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), odd.critical ? 1 : 0, value.get()));
  REQUIRE(X509_add_ext(&certificate, extension.get(), -1) == 1);
}

}  // namespace

std::string der(char tag, std::string_view content) {
  std::string element(1, tag);
  REQUIRE(content.size() < 0x10000);
  if (content.size() > 0xFF) {
    element += '\x82';
    element += static_cast<char>(content.size() >> 8);
  } else if (content.size() > 0x7F) {
    element += '\x81';
  }
  element += static_cast<char>(content.size() & 0xFF);
  return element.append(content);
}

std::string pem(const std::string& label, std::string_view der) {
  return written([&](BIO* bio) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    return PEM_write_bio(bio, label.c_str(), "", bytes, static_cast<long>(der.size())) > 0 ? 1 : 0;
  });
}

std::string from_pem(std::string_view pem) {
  const Ptr<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* bytes = nullptr;
  long size = 0;
  REQUIRE(PEM_read_bio(bio.get(), &label, &header, &bytes, &size) == 1);
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(label);
  OPENSSL_free(header);
  OPENSSL_free(bytes);
  return der;
}

std::string key_der(const std::string& kind, KeyForm form) {
  const Ptr<EVP_PKEY> key = new_key(kind);
  return from_pem(written([&](BIO* bio) {
    if (form == KeyForm::pkcs8) return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return PEM_write_bio_PrivateKey_traditional(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }));
}

std::string pkcs8_with_attributes(const std::string& kind) {
  const std::string good = key_der(kind, KeyForm::pkcs8);
  const std::string content = good.substr(good[1] == '\x81' ? 3 : 4);
  const std::string name = "\x06\x03\x55\x04\x03";  // an attribute's type: any will do
  return pem("PRIVATE KEY", der('\x30', content + der('\xA0', der('\x30', name + der('\x31', der('\x0C', "a"))))));
}

Identity self_signed(const std::string& kind, const std::optional<Extension>& extension) {
  const Ptr<EVP_PKEY> key = new_key(kind);
  const Ptr<X509> certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 4711);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("odd"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  if (extension) add(*certificate, *extension);
  REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  return {written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); }), written([&](BIO* bio) {
            return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace atcert::test
