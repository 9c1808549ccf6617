// SPDX-License-Identifier: Apache-2.0
// PKCS#7 bundles of any bytes, in DER and in PEM: the same certificates come out, no more than a file may hold, and
// they are certificates that are taken alone too.
#include <cstdlib>

#include "credentials/contents.hpp"
#include "credentials/pem.hpp"

namespace {

using namespace atcert;
using namespace atcert::credentials;

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView der(data, size);
  if (size == 0 || data[0] != 0x30) return 0;  // PEM, or base64 alone
  const FileContents bundle = read_contents({"chain.p7b", Secret(der)});
  if (bundle.deviations != std::vector<std::string>{"it is a PKCS#7 bundle"}) return 0;
  expect(bundle.items.size() <= kMostItems);
  const FileContents pem = read_contents({"chain.pem", write_pem("PKCS7", der)});
  expect(pem.items.size() == bundle.items.size());
  for (std::size_t i = 0; i < pem.items.size(); ++i) {
    const Content& content = bundle.items[i];
    expect(content.kind == pem.items[i].kind);
    if (content.kind != ContentKind::certificate) continue;
    expect(content.certificate.fingerprint == pem.items[i].certificate.fingerprint);
    expect(certificate_content(content.bytes.reveal()).kind == ContentKind::certificate);
  }
  return 0;
}
