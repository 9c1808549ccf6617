// SPDX-License-Identifier: Apache-2.0
#include "emulator/full_store.hpp"

#include <fmt/core.h>

#include "emulator/partition_flash.hpp"
#include "image/nvs_store.hpp"

namespace atcert::emulator {

void fill_store(FlashMemory& flash, const Partition& partition) {
  PartitionFlash pages(flash, partition);
  auto store = image::NvsStore::open(pages);
  if (!store) return;
  int count = 0;
  for (const std::size_t size : {std::size_t{3000}, std::size_t{300}, std::size_t{1}}) {
    const Bytes filler(size, 0xA5);
    while (store->set("full", fmt::format("item{}", count), image::NvsType::blob, filler)) ++count;
  }
}

}  // namespace atcert::emulator
