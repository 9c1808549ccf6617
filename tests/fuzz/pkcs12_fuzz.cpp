// SPDX-License-Identifier: Apache-2.0
// PKCS#12 files of any bytes, opened with the passphrase of the seeds, with few iterations at most, so that none is
// slow.
#include <cstdlib>

#include "credentials/load.hpp"

namespace {

using namespace atcert;
using namespace atcert::credentials;

void expect(bool holds) {
  if (!holds) std::abort();
}

LoadOptions options() {
  LoadOptions options;
  options.passphrase = [](const std::string&) { return std::optional<Secret>(Secret(std::string_view("fixture"))); };
  options.most_iterations = 100;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const NamedFile file{"device.p12", Secret(ByteView(data, size))};
  const auto loaded = load_folder("device.p12", {&file, 1}, nullptr, options());
  if (!loaded) {
    expect(loaded.error().kind == ErrorKind::input && !loaded.error().remedy.empty());
    return 0;
  }
  expect(loaded->certificate.first().key.fingerprint == loaded->key.facts.fingerprint);
  return 0;
}
