// SPDX-License-Identifier: Apache-2.0
#include "credentials/signing_key.hpp"

#include <doctest/doctest.h>
#include <openssl/pem.h>

#include "credentials/fixtures.hpp"

namespace atcert::credentials {
namespace {

// As OpenSSL itself reads the file.
KeyPtr reference(const std::string& name) {
  const std::string pem = text_of(name);
  const BioPtr bio = reader_of(as_bytes(pem));
  return KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

}  // namespace

TEST_CASE("a private key in each form is the one that OpenSSL reads") {
  for (const char* name :
       {"rsa.key", "rsa.pkcs8.key", "rsa3072.key", "ec.key", "ec.pkcs8.key", "p384.key", "p521.key"}) {
    CAPTURE(name);
    const KeyPtr key = signing_key(Secret(text_of(name)));
    REQUIRE(key);
    CHECK(EVP_PKEY_eq(key.get(), reference(name).get()) == 1);
    const std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>> check(EVP_PKEY_CTX_new(key.get(), nullptr));
    CHECK(EVP_PKEY_pairwise_check(check.get()) == 1);
  }
}

TEST_CASE("what is no private key of these kinds makes none") {
  for (const char* name : {"rsa.pem", "rsa.pub", "rsa.encrypted.key", "ed25519.key"}) {
    CAPTURE(name);
    CHECK_FALSE(signing_key(Secret(text_of(name))));
  }
  CHECK_FALSE(signing_key(Secret()));
}

}  // namespace atcert::credentials
