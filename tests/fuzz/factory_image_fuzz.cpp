// SPDX-License-Identifier: Apache-2.0
// A factory image of any bytes is read and patched, or refused. The input begins where the table of a real one does.
#include <algorithm>
#include <cstdlib>

#include "image/factory_patch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert;
  constexpr std::size_t kTable = 0x8000;
  Bytes bytes(kTable, 0xFF);
  bytes.insert(bytes.end(), data, data + size);
  image::FactoryPatch patch;
  patch.items = {{"mqtt_ca", 0, as_bytes("a certificate")}, {"client_ca", 1, as_bytes("another")}};
  patch.params = {{"max_tx_power", "60"}, {"module_name", "fuzz"}};
  const auto patched = image::patch_factory_image(bytes, patch);
  if (!patched) return 0;
  image::overwrite(bytes, *patched);
  const auto again = image::patch_factory_image(bytes, patch);
  if (!again || !again->changes.empty()) std::abort();
  return 0;
}
