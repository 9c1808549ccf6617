// SPDX-License-Identifier: Apache-2.0
// The reader of C source on any text: what it finds is not more than was there, and the contents of files are told by
// it.
#include <cstdlib>

#include "credentials/c_source.hpp"
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
  const std::string_view source = as_text({data, size});
  const auto read = read_c_source(source);
  if (!read) return 0;
  expect(read->text.size() <= size);
  std::size_t bytes = 0;
  for (const Secret& array : read->arrays) bytes += array.size();
  expect(bytes <= size);
  const FileContents contents = read_contents({"secrets.h", Secret(source)});
  expect(contents.items.size() <= kMostItems + read->arrays.size());
  return 0;
}
