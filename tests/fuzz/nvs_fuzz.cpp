// SPDX-License-Identifier: Apache-2.0
// The NVS reader on any bytes; then an update in place: what was clean stays clean, and the value is there.
#include <cstdlib>

#include "image/nvs_store.hpp"

namespace {

using namespace atcert;
using namespace atcert::image;

void update(Bytes image, bool was_clean) {
  MemoryFlash flash(image);
  auto store = NvsStore::open(flash);
  if (!store) return;
  const Bytes value(700, 'v');
  if (!store->set("fuzz", "key", NvsType::blob, value)) return;
  const NvsImage now = read_nvs(image);
  if (was_clean && !is_clean(now.faults)) std::abort();
  if (!was_clean) return;
  const NvsItem* item = now.find("fuzz", "key");
  if (item == nullptr || !item->value().equals(value)) std::abort();
}

}  // namespace

// Checksums stand in the way of a fuzzer: the first byte asks to correct those of the pages' headers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 1 + 5 * kNvsPageSize) return 0;
  Bytes image(data + 1, data + size);
  if (data[0] & 1) {
    for (std::size_t at = 0; at + kNvsPageSize <= image.size(); at += kNvsPageSize) {
      const std::uint32_t crc = nvs_crc(ByteView(image).subspan(at + 4, 24));
      for (std::size_t i = 0; i < 4; ++i) image[at + 28 + i] = static_cast<std::uint8_t>(crc >> 8 * i);
    }
  }
  const NvsImage read = read_nvs(image);
  for (const NvsItem& item : read.items) {
    if (item.value().size() != item.size()) std::abort();
  }
  update(std::move(image), is_clean(read.faults));
  return 0;
}
