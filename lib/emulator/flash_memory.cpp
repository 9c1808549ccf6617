// SPDX-License-Identifier: Apache-2.0
#include "emulator/flash_memory.hpp"

#include <algorithm>

namespace atcert::emulator {

FlashMemory::FlashMemory(std::size_t size) : content_(Secret::of_size(size)) {
  std::fill(content_.writable().begin(), content_.writable().end(), std::uint8_t{0xFF});
}

void FlashMemory::write(std::size_t offset, ByteView bytes) {
  const auto target = content_.writable().subspan(offset, bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) target[i] = static_cast<std::uint8_t>(target[i] & bytes[i]);
  changed(offset, bytes.size());
}

void FlashMemory::erase(std::size_t offset, std::size_t size) {
  const auto target = content_.writable().subspan(offset, size);
  std::fill(target.begin(), target.end(), std::uint8_t{0xFF});
  changed(offset, size);
}

void FlashMemory::changed(std::size_t offset, std::size_t size) {
  if (observer_ && size > 0) observer_(offset, read(offset, size));
}

}  // namespace atcert::emulator
