// SPDX-License-Identifier: Apache-2.0
// Integers as the module's flash holds them: little endian, at any offset. The caller has checked the bounds.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace atcert::image {

inline std::uint16_t get_u16(ByteView bytes, std::size_t offset) {
  return static_cast<std::uint16_t>(bytes[offset] | bytes[offset + 1] << 8);
}

inline std::uint32_t get_u32(ByteView bytes, std::size_t offset) {
  return get_u16(bytes, offset) | static_cast<std::uint32_t>(get_u16(bytes, offset + 2)) << 16;
}

inline void put_u16(std::span<std::uint8_t> bytes, std::size_t offset, std::uint16_t value) {
  bytes[offset] = static_cast<std::uint8_t>(value);
  bytes[offset + 1] = static_cast<std::uint8_t>(value >> 8);
}

inline void put_u32(std::span<std::uint8_t> bytes, std::size_t offset, std::uint32_t value) {
  put_u16(bytes, offset, static_cast<std::uint16_t>(value));
  put_u16(bytes, offset + 2, static_cast<std::uint16_t>(value >> 16));
}

}  // namespace atcert::image
