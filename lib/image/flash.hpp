// SPDX-License-Identifier: Apache-2.0
// A partition of NOR flash: writing clears bits, erasing a page sets them. Behind this interface stand a file image,
// the emulated module's flash, and tests that cut the power at any byte.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace atcert::image {

inline constexpr std::size_t kFlashPageSize = 4096;

class Flash {
 public:
  virtual ~Flash() = default;
  // What the partition holds now. The view stays valid and follows the writes.
  virtual ByteView bytes() const = 0;
  // Clears the bits that are 0 in `bytes`, in ascending order of the addresses.
  virtual Result<void> write(std::size_t offset, ByteView bytes) = 0;
  // Sets the page that begins at `offset` to 0xFF.
  virtual Result<void> erase(std::size_t offset) = 0;
};

// Flash on memory that outlives it.
class MemoryFlash final : public Flash {
 public:
  explicit MemoryFlash(std::span<std::uint8_t> memory) : memory_(memory) {}

  ByteView bytes() const override { return memory_; }
  Result<void> write(std::size_t offset, ByteView bytes) override {
    for (std::size_t i = 0; i < bytes.size(); ++i) memory_[offset + i] &= bytes[i];
    return {};
  }
  Result<void> erase(std::size_t offset) override {
    std::fill_n(memory_.begin() + static_cast<std::ptrdiff_t>(offset), kFlashPageSize, std::uint8_t{0xFF});
    return {};
  }

 private:
  std::span<std::uint8_t> memory_;
};

}  // namespace atcert::image
