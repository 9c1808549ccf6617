// SPDX-License-Identifier: Apache-2.0
#include "credentials/openssl.hpp"

#include <fmt/core.h>
#include <openssl/err.h>

namespace atcert::credentials {

Error openssl_error(const char* doing) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return {ErrorKind::internal,
          "openssl",
          fmt::format("{}: OpenSSL failed: {}", doing, reason != nullptr ? reason : "no reason given"),
          {},
          {}};
}

}  // namespace atcert::credentials
