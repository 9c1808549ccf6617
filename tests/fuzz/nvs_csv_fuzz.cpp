// SPDX-License-Identifier: Apache-2.0
// The NVS CSV on any bytes: what it accepts and the generator can hold is read back without a fault.
#include <cstdlib>

#include "image/nvs_csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert;
  using namespace atcert::image;
  const auto read_file = [](const std::string& path) -> Result<Secret> { return Secret(std::string_view(path)); };
  const auto values = parse_nvs_csv(as_text({data, size}), read_file);
  if (!values) return 0;
  const auto image = generate_nvs(values->values, 0x4000, NvsStyle::new_style);
  if (image && !read_nvs(image->reveal()).faults.empty()) std::abort();
  return 0;
}
