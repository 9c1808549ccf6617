// SPDX-License-Identifier: Apache-2.0
// Endpoints of any text: what is told of one has words, and the host that is found in it is of the same kind again.
#include <cstdlib>
#include <string>

#include "credentials/endpoint.hpp"

namespace {

using namespace atcert;
using namespace atcert::credentials;

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Endpoint endpoint = classify_endpoint(text);
  const Endpoint again = classify_endpoint(endpoint.host);
  expect(again.host == endpoint.host && again.kind == endpoint.kind && again.region == endpoint.region);
  for (const Finding& finding : check_endpoint(text)) {
    expect(!finding.code.empty() && !finding.message.empty());
    expect(finding.severity == Severity::note || !finding.remedy.empty());
  }
  return 0;
}
