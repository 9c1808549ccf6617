// SPDX-License-Identifier: Apache-2.0
// What AWS says of a certificate, from anywhere.
#include "base/bytes.hpp"
#include "diagnosis/aws.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert;
  const std::string_view text = as_text(ByteView(data, size));
  (void)diagnosis::read_certificate_description(text, "describe.json");
  return 0;
}
