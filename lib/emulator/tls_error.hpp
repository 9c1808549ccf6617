// SPDX-License-Identifier: Apache-2.0
// Errors of the firmware's TLS library in the words of esp-tls, as they stand on the module's log port.
#pragma once

#include <string_view>

#include <fmt/core.h>

#include "base/result.hpp"

namespace atcert::emulator {

// "mbedtls_ssl_handshake returned -0x7280"
inline Error mbedtls_error(std::string_view call, unsigned number) {
  return {ErrorKind::cloud, "mbedtls", fmt::format("{} returned -0x{:04X}", call, number), {}, {}};
}

}  // namespace atcert::emulator
