// SPDX-License-Identifier: Apache-2.0
// Modules and lines that misbehave, and jobs that come to their end all the same, or to one within bounds.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"

namespace atcert::test {
namespace {

struct Timed {
  Outcome outcome;
  std::chrono::seconds took;
};

Timed provision(const std::string& fault, Arguments more = {}) {
  const Rig rig({.faults = {fault}});
  more.emplace_back("--json");
  const SteadyTime begin = SystemClock().now();
  Outcome outcome = rig.provision(more);
  INFO(fault, ": ", outcome.all());
  const auto took = std::chrono::floor<std::chrono::seconds>(SystemClock().now() - begin);
  check_no_secrets(rig, outcome);
  return {std::move(outcome), took};
}

}  // namespace

TEST_CASE("what a line or a module does now and then keeps no job from its end") {
  for (const char* fault :
       {"busy-drops=9", "busy=3", "chunks", "stray-bytes", "urc-storm", "passthrough", "data-phase=700", "brown-out=1",
        "reset-in-command=4", "result-first", "other-topics", "message-retained"}) {
    CAPTURE(fault);
    const Timed timed = provision(fault);
    CAPTURE(timed.outcome.all());
    CHECK(timed.outcome.exit_code == 0);
  }
}

TEST_CASE("a first failure is tried again, and said") {
  const Outcome joined = provision("join-fails=1", {"--set", "wifi_timeout=3"}).outcome;
  CHECK(joined.exit_code == 0);
  CHECK(joined.err.find("join Wi-Fi: the module answered +CWJAP:1, ERROR; attempt 2 of 3") != std::string::npos);
  const Outcome once = provision("connect-fails=1", {"--set", "connect_attempts=1"}).outcome;
  CHECK(once.exit_code == 7);
}

TEST_CASE("a module that restarts again and again is told with the step it was lost in") {
  const Outcome outcome = provision("brown-out").outcome;
  CHECK(outcome.exit_code == 5);
  const auto error = document_of(outcome)["error"];
  CHECK(error["what"].get<std::string>().starts_with("join Wi-Fi: the module restarted while it ran AT+CWJAP="));
  CHECK(outcome.err.find("the script begins again (restart 1 of 1)") != std::string::npos);
}

TEST_CASE("what does not speak AT is exit code 4 within seconds, and named") {
  for (const auto& [fault, code] : {std::pair("silent", "no_answer"),
                                    {"echo-only", "echo_only"},
                                    {"no-ok", "line_filter"},
                                    {"log-port", "log_port"}}) {
    const Timed timed = provision(fault);
    CAPTURE(timed.outcome.all());
    CHECK(timed.outcome.exit_code == 4);
    CHECK(document_of(timed.outcome)["error"]["code"].get<std::string>() == code);
    CHECK(timed.took < std::chrono::seconds(15));
  }
}

TEST_CASE("a module that falls silent in the middle is exit code 4, and not a matter of the network") {
  for (const char* fault : {"silent-after=8", "silent-after=30"}) {
    CAPTURE(fault);
    const Timed timed = provision(fault);
    CAPTURE(timed.outcome.all());
    CHECK(timed.outcome.exit_code == 4);
    CHECK(timed.took < std::chrono::seconds(40));
  }
}

TEST_CASE("a module that answers OK to everything, or plays an old message, has proven nothing") {
  CHECK(provision("ok-to-all").outcome.exit_code == 5);
  CHECK(provision("message-lost", {"--set", "message_timeout=2"}).outcome.exit_code == 7);
}

}  // namespace atcert::test
