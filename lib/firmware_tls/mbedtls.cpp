// SPDX-License-Identifier: Apache-2.0
#include "firmware_tls/mbedtls.hpp"

#include <mbedtls/entropy.h>
#include <sys/random.h>

#include <cerrno>

namespace atcert::firmware_tls {

int random_bytes(void*, unsigned char* output, std::size_t size) {
  while (size > 0) {
    const ssize_t count = getrandom(output, size, 0);
    if (count < 0 && errno != EINTR) return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
    if (count <= 0) continue;
    output += count;
    size -= static_cast<std::size_t>(count);
  }
  return 0;
}

}  // namespace atcert::firmware_tls
