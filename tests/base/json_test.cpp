// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <doctest/doctest.h>

namespace atcert {

TEST_CASE("every string and key of a document is written printable, however deep it stands") {
  nlohmann::json document;
  document["list"] = {"a\nb", {{"k\x1b", "\u202e"}}, 1.5, nullptr, true};
  document["text"] = "no UTF-8: \xff";
  CHECK(to_text(document) == R"({"list":["a\\nb",{"k\\x1b":"\\u{202e}"},1.5,null,true],"text":"no UTF-8: \\xff"})");
}

TEST_CASE("plain text is written as it is, and an indent makes lines") {
  CHECK(to_text({{"a", "Gr\u00fc\u00dfe"}}, 2) == "{\n  \"a\": \"Gr\u00fc\u00dfe\"\n}");
}

}  // namespace atcert
