// SPDX-License-Identifier: Apache-2.0
// The numbers of `ERR CODE:0x01SSXXXX` lines: a subcategory and what belongs to it (ESP-AT, Basic AT Commands,
// AT+SYSLOG, and esp_at_core.h).
#pragma once

#include <cstddef>
#include <cstdint>

namespace atcert::emulator {

constexpr std::uint32_t error_code(std::uint32_t subcategory, std::uint32_t extension) {
  return 0x01000000 | subcategory << 16 | extension;
}

inline constexpr std::uint32_t kErrorNoTerminator = error_code(0x02, 0);
inline constexpr std::uint32_t kErrorNoAt = error_code(0x03, 0);
inline constexpr std::uint32_t kErrorUnsupported = error_code(0x09, 0);
inline constexpr std::uint32_t kErrorBusy = error_code(0x0b, 0);

constexpr std::uint32_t parse_error(std::size_t parameter) {
  return error_code(0x08, static_cast<std::uint32_t>(parameter));
}
constexpr std::uint32_t execution_error(std::uint32_t extension) {
  return error_code(0x0a, extension);
}

}  // namespace atcert::emulator
