// SPDX-License-Identifier: Apache-2.0
// atcert info: what a module is and holds.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"

namespace atcert::test {
namespace {

Outcome info(const Rig& rig, const Arguments& more = {}) {
  Arguments arguments = {"info", "-p", rig.port(), "--log", rig.log()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run({.arguments = arguments});
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a new module is told with its empty slots, and one that was written with what it holds") {
  for (const char* generation : {"pki", "nvs"}) {
    CAPTURE(generation);
    const Rig rig({.generation = generation});
    const auto before = document_of(info(rig, {"--json"}));
    CHECK(before["module"]["generation"] == generation);
    CHECK(before["module"]["port"] == rig.port().string());
    for (const auto& slot : before["slots"]) CHECK(slot["state"] == "empty");
    CHECK_FALSE(before.contains("key_fits_certificate"));

    CHECK(rig.push().exit_code == 0);
    const std::string flash = rig.flash();
    const Outcome after = info(rig, {"--json"});
    CHECK(after.exit_code == 0);
    const auto document = document_of(after);
    CHECK(slot_states(after) == std::vector<std::string>{"content", "content", "content"});
    CHECK(document["slots"][1]["sha256"].get<std::string>().size() == 64);
    CHECK(has(document["slots"][1]["subject"].get<std::string>(), "CN="));
    CHECK(document["key_fits_certificate"] == true);
    CHECK(document["not_put_back"].empty());
    CHECK(rig.flash() == flash);
    CHECK_FALSE(has(rig.dialogue(), "AT+SYSMFG=2"));
    CHECK_FALSE(has(rig.dialogue(), "AT+SYSFLASH=1"));
    check_no_secrets(rig, after);
    const Outcome text = info(rig);
    CHECK(has(text.out, "key and certificate belong together"));
    check_no_secrets(rig, text);
  }
}

}  // namespace atcert::test
