// SPDX-License-Identifier: Apache-2.0
// One partition of the module's flash, for the NVS library.
#pragma once

#include "emulator/flash_map.hpp"
#include "emulator/flash_memory.hpp"
#include "image/flash.hpp"

namespace atcert::emulator {

class PartitionFlash final : public image::Flash {
 public:
  PartitionFlash(FlashMemory& flash, const Partition& partition)
      : flash_(flash), offset_(partition.offset), size_(partition.size) {}

  ByteView bytes() const override { return flash_.read(offset_, size_); }
  Result<void> write(std::size_t offset, ByteView bytes) override {
    flash_.write(offset_ + offset, bytes);
    return {};
  }
  Result<void> erase(std::size_t offset) override {
    flash_.erase(offset_ + offset, image::kFlashPageSize);
    return {};
  }

 private:
  FlashMemory& flash_;
  std::size_t offset_;
  std::size_t size_;
};

}  // namespace atcert::emulator
