// SPDX-License-Identifier: Apache-2.0
// A list of units ends, whatever is in it, and its serials are names of folders.
#include <cstdlib>
#include <string>

#include "base/bytes.hpp"
#include "intake/unit_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert;
  auto list = intake::UnitList::parse(std::string(as_text({data, size})), "/units");
  if (!list) return 0;
  std::size_t count = 0;
  while (const auto unit = list->next()) {
    if (++count > list->size()) std::abort();
    if (*unit && (*unit)->serial.find('/') != std::string::npos) std::abort();
  }
  return 0;
}
