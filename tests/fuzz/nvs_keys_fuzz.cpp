// SPDX-License-Identifier: Apache-2.0
// Bytes are keys or not; with good ones, what is decrypted and encrypted again is what it was.
#include <algorithm>
#include <cstdlib>

#include "image/nvs_encryption.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert;
  const ByteView bytes(data, size);
  const auto read = image::NvsKeys::from_partition(bytes);
  if (read && !image::NvsKeys::from_partition(read->partition().reveal()).ok()) std::abort();
  const auto keys = image::NvsKeys::from_bytes(bytes.first(std::min(size, image::kNvsKeysSize)));
  if (!keys) return 0;
  Bytes image = to_bytes(bytes.subspan(image::kNvsKeysSize));
  image.resize(image.size() / 4096 * 4096 + 4096, 0xFF);
  const Bytes before = image;
  if (!image::decrypt_nvs(image, *keys).ok() || !image::encrypt_nvs(image, *keys).ok() || image != before) std::abort();
  return 0;
}
