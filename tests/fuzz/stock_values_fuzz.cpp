// SPDX-License-Identifier: Apache-2.0
// Any bytes as the data of factory parameters: the three files, with a line "---" between them.
#include <array>

#include "image/stock_values.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert;
  constexpr std::string_view kBreak = "---\n";
  std::string_view rest = as_text(ByteView(data, size));
  std::array<EmbeddedFile, 3> files{EmbeddedFile{"factory_param_keys.csv", {}}, EmbeddedFile{"factory_params.csv", {}},
                                    EmbeddedFile{"gatt_rows.csv", {}}};
  for (EmbeddedFile& file : files) {
    const std::size_t end = std::min(rest.find(kBreak), rest.size());
    file.content = rest.substr(0, end);
    rest.remove_prefix(std::min(end + kBreak.size(), rest.size()));
  }
  const auto values = image::StockValues::load(files);
  if (values) (void)values->find("M", image::Release{{4, 1, 1, 0}});
  return 0;
}
