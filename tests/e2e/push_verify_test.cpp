// SPDX-License-Identifier: Apache-2.0
// push and verify, the parts of the main job, as commands of their own.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"
#include "support/observer.hpp"

namespace atcert::test {

TEST_CASE("push alone stores, verify alone proves") {
  Observer observer(Rig::shared_broker());
  for (const char* generation : {"pki", "nvs"}) {
    CAPTURE(generation);
    const Rig rig({.generation = generation});
    const Outcome before = rig.verify({"--json"});
    CHECK(before.exit_code == 5);
    CHECK(document_of(before)["error"]["code"] == "ca_missing");
    CHECK(rig.push().exit_code == 0);
    const std::string own = std::string("topic/of/") + generation;
    const Outcome after = rig.verify({"--topic", own});
    INFO(after.err);
    CHECK(after.exit_code == 0);
    CHECK(rig.dialogue().find(own) != std::string::npos);
    check_no_secrets(rig, after);
  }
  CHECK_FALSE(observer.payload_with("\"from\":\"module\"").empty());
}

}  // namespace atcert::test
