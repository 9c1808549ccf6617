// SPDX-License-Identifier: Apache-2.0
// What AWS says of a certificate and of a client, from anywhere.
#include "base/bytes.hpp"
#include "diagnosis/aws.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert;
  const std::string_view text = as_text(ByteView(data, size));
  (void)diagnosis::read_certificate_description(text, "describe.json");
  diagnosis::Aws aws;
  diagnosis::read_presence_event("$aws/events/presence/connected/x", text, aws);
  return 0;
}
