// SPDX-License-Identifier: Apache-2.0
// Flash that counts the bytes written and erased, loses power when a budget is spent, and refuses to set a bit.
#pragma once

#include <cstddef>
#include <utility>

#include <doctest/doctest.h>

#include "image/flash.hpp"

namespace atcert::image {

class MeteredFlash final : public Flash {
 public:
  explicit MeteredFlash(Bytes memory) : memory_(std::move(memory)) {}
  explicit MeteredFlash(std::size_t size) : memory_(size, 0xFF) {}

  ByteView bytes() const override { return memory_; }
  Result<void> write(std::size_t offset, ByteView bytes) override {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (!spend()) return power_cut();
      if ((memory_[offset + i] & bytes[i]) != bytes[i]) FAIL("a bit would have to be set at " << offset + i);
      memory_[offset + i] &= bytes[i];
    }
    return {};
  }
  Result<void> erase(std::size_t offset) override {
    for (std::size_t i = 0; i < kFlashPageSize; ++i) {
      if (!spend()) return power_cut();
      memory_[offset + i] = 0xFF;
    }
    return {};
  }

  std::size_t spent = 0;
  std::size_t budget = SIZE_MAX;

 private:
  bool spend() { return spent < budget && ++spent > 0; }
  static Error power_cut() { return {ErrorKind::internal, "power_cut", "the power was cut", {}, {}}; }

  Bytes memory_;
};

}  // namespace atcert::image
