// SPDX-License-Identifier: Apache-2.0
// A manifest is read or refused; the files of one that is read lie beside it.
#include <cstdlib>
#include <filesystem>

#include "image/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert;
  const ByteView bytes(data, size);
  const auto manifest = image::read_manifest(as_text(bytes));
  if (!manifest) return 0;
  if (!image::looks_like_manifest(bytes)) std::abort();
  for (const image::ManifestFile& file : manifest->files) {
    const std::filesystem::path folder("/folder");
    if ((folder / file.name).lexically_normal().parent_path() != folder) std::abort();
  }
  return 0;
}
