// SPDX-License-Identifier: Apache-2.0
// OpenSSL's objects with owners, and OpenSSL's bytes as ours. For the files that call OpenSSL; headers for all others
// do not include it.
#pragma once

#include <memory>
#include <string>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/bytes.hpp"
#include "base/free_with.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace atcert::credentials {

using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using ObjectPtr = std::unique_ptr<ASN1_OBJECT, FreeWith<ASN1_OBJECT_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, FreeWith<X509_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;

// What is left to read in a memory BIO.
inline ByteView view_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return as_bytes({data, static_cast<std::size_t>(size)});
}

inline BioPtr reader_of(ByteView bytes) {
  return BioPtr(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

// A BIO to write to that wipes its memory.
inline BioPtr secret_writer() {
  return BioPtr(BIO_new(BIO_s_secmem()));
}

// The error for a call of OpenSSL that cannot fail on good arguments. Empties OpenSSL's queue.
Error openssl_error(const char* doing);

}  // namespace atcert::credentials
