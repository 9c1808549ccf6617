// SPDX-License-Identifier: Apache-2.0
// Mbed TLS's objects with owners. They wipe what they hold when they are freed; randomness is the kernel's, so that
// nothing here is shared between threads.
#pragma once

#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include <cstddef>
#include <memory>

namespace atcert::firmware_tls {

template <typename T, auto Init, auto Free>
class Owned {
 public:
  Owned() : object_(new T) { Init(object_.get()); }

  T* get() const { return object_.get(); }
  T* operator->() const { return object_.get(); }

 private:
  struct Deleter {
    void operator()(T* object) const {
      Free(object);
      delete object;
    }
  };

  std::unique_ptr<T, Deleter> object_;  // Mbed TLS's objects hold pointers to themselves: they must not move
};

using Chain = Owned<mbedtls_x509_crt, mbedtls_x509_crt_init, mbedtls_x509_crt_free>;
using PrivateKey = Owned<mbedtls_pk_context, mbedtls_pk_init, mbedtls_pk_free>;

// f_rng of Mbed TLS.
int random_bytes(void* unused, unsigned char* output, std::size_t size);

}  // namespace atcert::firmware_tls
