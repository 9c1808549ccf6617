// SPDX-License-Identifier: Apache-2.0
// The reader of PKI bins on any bytes; a bin without a fault is written again the same.
#include <cstdlib>
#include <vector>

#include "image/pki.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert::image;
  const atcert::ByteView bytes(data, size);
  const PkiBin bin = read_pki_bin(bytes);
  for (const PkiItem& item : bin.items) {
    if (item.offset + item.content.size() > size) std::abort();
    if (item.content.data() != data + item.offset) std::abort();
  }
  if (!bin.faults.empty() || bin.items.size() != 1 || bin.items[0].type != 3 || bin.items[0].id != 0) return 0;
  const PkiContent content{PkiType::key, bin.items[0].content};
  const auto again = write_pki_bin(std::span(&content, 1), Release{{3, 0, 0, 0}}, size);
  if (!again || again->size() != bin.size) std::abort();
  return 0;
}
