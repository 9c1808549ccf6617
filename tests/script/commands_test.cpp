// SPDX-License-Identifier: Apache-2.0
#include "script/commands.hpp"

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::script {

TEST_CASE("the commands of all conditions are found: of steps, of the clean-up, of causes, nested and negated") {
  const Script script = test::require(parse(R"({"title": "test", "steps": [
    {"name": "one", "send": "AT", "when": {"any": [{"command": "AT+A"}, {"not": {"command": "AT+B"}}]}, "on_failure": "continue"},
    {"name": "two", "send": "AT", "failure": {"kind": "module", "code": "failed", "cause": "unknown", "remedy": "none", "causes": [
      {"when": {"command": "AT+C"}, "silent": true, "code": "other", "cause": "unknown", "remedy": "none"}]}}], "cleanup": [
    {"name": "three", "send": "AT", "when": {"command": "AT+A", "generation": "nvs"}, "on_failure": "continue"},
    {"name": "four", "send": "AT", "when": {"command": "AT+D"}, "on_failure": "continue"}]})",
                                            "test.json"));
  CHECK(commands_in(script) == std::set<std::string, std::less<>>{"AT+A", "AT+B", "AT+C", "AT+D"});
}

}  // namespace atcert::script
