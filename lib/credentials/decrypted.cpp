// SPDX-License-Identifier: Apache-2.0
#include "credentials/decrypted.hpp"

#include <cstring>
#include <string>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

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
  const KeyInfoPtr info(
      PKCS8_decrypt(encrypted.get(), passphrase.reveal_text().data(), static_cast<int>(passphrase.size())));
  const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr) : 0;
  if (size <= 0) return {};
  Secret key = Secret::of_size(static_cast<std::size_t>(size));
  unsigned char* end = key.writable().data();
  i2d_PKCS8_PRIV_KEY_INFO(info.get(), &end);
  return key;
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

}  // namespace

Secret decrypted_der(const Secret& encrypted, const Secret& passphrase) {
  Secret key = encrypted.reveal_text().starts_with("-----BEGIN") ? from_pem(encrypted.reveal(), passphrase.clone())
                                                                 : from_der(encrypted.reveal(), passphrase);
  ERR_clear_error();
  return key;
}

}  // namespace atcert::credentials
