// SPDX-License-Identifier: Apache-2.0
// The loader of credentials on any bytes: as each of three files, as a folder, as AWS's JSON. What it makes must be
// credentials that it takes byte for byte.
#include <cstdlib>

#include "credentials/check.hpp"
#include "credentials/describe.hpp"
#include "credentials/load.hpp"

namespace {

using namespace atcert;
using namespace atcert::credentials;

void expect(bool holds) {
  if (!holds) std::abort();
}

void use(const Result<Credentials>& loaded) {
  if (!loaded) {
    expect(loaded.error().kind == ErrorKind::input && !loaded.error().what.empty());
    return;
  }
  check(*loaded, {});
  expect(describe(*loaded).size() == 3);
  const NamedFile certificate{"certificate", Secret(loaded->certificate.pem)};
  const NamedFile key{"key", loaded->key.pem.clone()};
  const NamedFile ca{"ca", Secret(loaded->ca.pem)};
  const auto again = load_files(certificate, key, ca, {true, {}});
  expect(again.ok() && again->certificate.pem == loaded->certificate.pem && again->key.pem == loaded->key.pem);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const NamedFile file{"file", Secret(ByteView(data, size))};
  use(load_files(file, file, file, {}));
  use(load_folder("folder", {&file, 1}, nullptr, {}));
  if (const auto ca = load_ca(file, {})) use(load_folder("folder", {&file, 1}, &*ca, {}));
  use(load_aws_json(file, nullptr, file, {}));
  use(load_aws_json(file, &file, file, {}));
  return 0;
}
