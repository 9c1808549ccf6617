// SPDX-License-Identifier: Apache-2.0
// The reader of JSON with secrets against a JSON library, the one that reads everything else: what it takes is JSON,
// with the same strings.
#include <cstdlib>

#include "base/json.hpp"
#include "credentials/secret_json.hpp"

namespace {

using namespace atcert;

std::size_t strings_in(const nlohmann::json& value) {
  if (value.is_string()) return 1;
  std::size_t count = 0;
  if (value.is_structured()) {
    for (const auto& child : value) count += strings_in(child);
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(as_text({data, size}));
  const credentials::SecretJson read = credentials::read_secret_json(text);
  if (read.error) return 0;
  // Not taken by the library: invalid UTF-8, which PEM cannot hold anyway, and numbers out of range.
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    for (const char c : text) {
      if (static_cast<unsigned char>(c) >= 0x80 || c == 'e' || c == 'E') return 0;
    }
    if (size < 300) std::abort();  // longer ones may hold a number of so many digits
    return 0;
  }
  if (strings_in(document) != read.strings.size()) std::abort();
  const credentials::JsonString* first = read.strings.empty() ? nullptr : &read.strings.front();
  if (document.is_string() && first->value.reveal_text() != document.get_ref<const std::string&>()) std::abort();
  return 0;
}
