// SPDX-License-Identifier: Apache-2.0
// The module's SPI flash: erased bytes are 0xFF, erasing is by sectors of 4 KiB, and writing can only clear bits, so
// that writing over what was not erased leaves the AND of both. It holds private keys, so it is a Secret.
#pragma once

#include <functional>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace atcert::emulator {

inline constexpr std::size_t kSectorSize = 4096;
inline constexpr std::size_t kFlashSize = 4 * 1024 * 1024;

class FlashMemory {
 public:
  // Called after every change, in their order, with the new bytes: a file that follows along is at any moment what a
  // flash chip would be after a power cut.
  using Observer = std::function<void(std::size_t offset, ByteView bytes)>;

  // A blank chip.
  explicit FlashMemory(std::size_t size = kFlashSize);
  explicit FlashMemory(Secret content) : content_(std::move(content)) {}

  void observe(Observer observer) { observer_ = std::move(observer); }

  std::size_t size() const { return content_.size(); }
  ByteView read(std::size_t offset, std::size_t size) const { return content_.reveal().subspan(offset, size); }
  void write(std::size_t offset, ByteView bytes);
  // Whole sectors.
  void erase(std::size_t offset, std::size_t size);

 private:
  void changed(std::size_t offset, std::size_t size);

  Secret content_;
  Observer observer_;
};

}  // namespace atcert::emulator
