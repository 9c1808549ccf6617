// SPDX-License-Identifier: Apache-2.0
// The reader of zip archives on any bytes, and the loader on what it unpacks: never more than its limits.
#include <cstdlib>

#include "credentials/load.hpp"
#include "credentials/pem.hpp"
#include "credentials/zip.hpp"

namespace {

using namespace atcert;
using namespace atcert::credentials;

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const NamedFile archive{"kit.zip", Secret(ByteView(data, size))};
  const auto files = unzip(archive);
  if (!files) {
    expect(files.error().kind == ErrorKind::input && files.error().code.starts_with("archive_"));
    return 0;
  }
  std::size_t unpacked = 0;
  for (const NamedFile& file : *files) unpacked += file.content.size();
  expect(files->size() <= kMostItems && unpacked <= kMostUnpacked);
  const auto loaded = load_folder("kit.zip", {&archive, 1}, nullptr, {});
  expect(loaded.ok() || loaded.error().kind == ErrorKind::input);
  return 0;
}
