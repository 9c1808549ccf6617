// SPDX-License-Identifier: Apache-2.0
#include "credentials/decrypted.hpp"

#include <array>
#include <cstring>
#include <string>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "base/excerpt.hpp"
#include "credentials/openssl.hpp"

namespace atcert::credentials {
namespace {

using EncryptedPtr = std::unique_ptr<X509_SIG, FreeWith<X509_SIG_free>>;
using KeyInfoPtr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeWith<PKCS8_PRIV_KEY_INFO_free>>;

struct FreeMemory {
  void operator()(void* memory) const { OPENSSL_free(memory); }
};

int give_passphrase(char* buffer, int size, int, void* user) {
  const Secret& secret = *static_cast<const Secret*>(user);
  if (secret.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, secret.reveal().data(), secret.size());
  return static_cast<int>(secret.size());
}

Secret from_der(ByteView der, const Secret& passphrase) {
  const unsigned char* position = der.data();
  const EncryptedPtr encrypted(d2i_X509_SIG(nullptr, &position, static_cast<long>(der.size())));
  if (!encrypted) return {};
  return decrypted_der(*encrypted, passphrase.reveal_text().data(), static_cast<int>(passphrase.size()));
}

Secret from_pem(ByteView pem, Secret passphrase) {
  const BioPtr in = reader_of(pem);
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (PEM_read_bio(in.get(), &label, &header, &data, &size) != 1) return {};
  const std::unique_ptr<char, FreeMemory> label_owner(label);
  const std::unique_ptr<char, FreeMemory> header_owner(header);
  const std::unique_ptr<unsigned char, FreeMemory> data_owner(data);
  EVP_CIPHER_INFO cipher{};
  if (PEM_get_EVP_CIPHER_INFO(header, &cipher) != 1) return {};
  Secret key(ByteView(data, static_cast<std::size_t>(size)));  // decrypted in its place
  if (PEM_do_header(&cipher, key.writable().data(), &size, give_passphrase, &passphrase) != 1) return {};
  key.shrink(static_cast<std::size_t>(size));
  return key;
}

using SchemePtr = std::unique_ptr<PBE2PARAM, FreeWith<PBE2PARAM_free>>;

std::string object_name(const ASN1_OBJECT* object) {
  std::array<char, 80> text{};
  OBJ_obj2txt(text.data(), text.size(), object, 0);
  return text.data();
}

}  // namespace

std::string cipher_name(const X509_ALGOR& algorithm) {
  const ASN1_OBJECT* name = nullptr;
  int type = 0;
  const void* value = nullptr;
  X509_ALGOR_get0(&name, &type, &value, &algorithm);
  if (OBJ_obj2nid(name) != NID_pbes2 || type != V_ASN1_SEQUENCE) return object_name(name);
  const SchemePtr scheme(
      static_cast<PBE2PARAM*>(ASN1_item_unpack(static_cast<const ASN1_STRING*>(value), ASN1_ITEM_rptr(PBE2PARAM))));
  ERR_clear_error();
  if (!scheme) return object_name(name);
  X509_ALGOR_get0(&name, nullptr, nullptr, scheme->encryption);
  return "PBES2 with " + object_name(name);
}

std::string cipher_name(const Secret& encrypted) {
  const std::string_view text = encrypted.reveal_text();
  static constexpr std::string_view kHeader = "DEK-Info: ";  // RFC 1421
  if (const std::size_t header = text.find(kHeader); header != std::string_view::npos) {
    return std::string(excerpt(text.substr(header + kHeader.size(), text.find(',', header) - header - kHeader.size())));
  }
  const unsigned char* position = encrypted.reveal().data();
  const EncryptedPtr key(d2i_X509_SIG(nullptr, &position, static_cast<long>(encrypted.size())));
  ERR_clear_error();
  if (!key) return "an unknown cipher";
  const X509_ALGOR* algorithm = nullptr;
  X509_SIG_get0(key.get(), &algorithm, nullptr);
  return cipher_name(*algorithm);
}

Secret decrypted_der(const Secret& encrypted, const Secret& passphrase) {
  Secret key = encrypted.reveal_text().starts_with("-----BEGIN") ? from_pem(encrypted.reveal(), passphrase.clone())
                                                                 : from_der(encrypted.reveal(), passphrase);
  ERR_clear_error();
  return key;
}

Secret decrypted_der(const X509_SIG& encrypted, const char* passphrase, int size) {
  const KeyInfoPtr info(PKCS8_decrypt(&encrypted, passphrase, size));
  ERR_clear_error();
  return info ? plain_der(*info) : Secret();
}

Secret plain_der(const PKCS8_PRIV_KEY_INFO& info) {
  const int size = i2d_PKCS8_PRIV_KEY_INFO(&info, nullptr);
  if (size <= 0) return {};
  Secret key = Secret::of_size(static_cast<std::size_t>(size));
  unsigned char* end = key.writable().data();
  i2d_PKCS8_PRIV_KEY_INFO(&info, &end);
  return key;
}

}  // namespace atcert::credentials
