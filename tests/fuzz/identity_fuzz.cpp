// SPDX-License-Identifier: Apache-2.0
// The lines of AT+GMR and AT+SYSFLASH? from any module.
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/redactor.hpp"
#include "module/identity.hpp"
#include "module/partition.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> lines(1);
  for (const std::uint8_t byte : atcert::ByteView(data, size)) {
    if (byte == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += static_cast<char>(byte);
    }
  }
  atcert::Redactor door;
  std::vector<atcert::OutsideText> admitted;
  for (const std::string& line : lines) admitted.push_back(door.admit(line));
  (void)atcert::module::parse_identity(admitted);
  for (const std::string& line : lines) (void)atcert::module::parse_partition(line);
  return 0;
}
