// SPDX-License-Identifier: Apache-2.0
// --timeout ends a job in whatever step it is, with its clean-up.
#include <doctest/doctest.h>

#include "e2e/module_state.hpp"
#include "e2e/rig.hpp"

namespace atcert::test {
namespace {

nlohmann::json timed_out(const Rig& rig, int exit_code, const std::string& seconds = "4") {
  const SystemClock clock;
  const SteadyTime start = clock.now();
  const Outcome outcome = rig.provision({"--json", "--timeout", seconds}, std::chrono::seconds(60));
  INFO(outcome.err);
  CHECK(clock.now() - start < std::chrono::seconds(40));
  CHECK(outcome.exit_code == exit_code);
  const auto error = document_of(outcome)["error"];
  CHECK(error["code"] == "job_timeout");
  CHECK(error["what"].get<std::string>().find(seconds + " seconds of --timeout") != std::string::npos);
  return error;
}

}  // namespace

TEST_CASE("a job whose time is up names its step and leaves the module clean") {
  const Rig rig({.faults = {"no-sntp"}});
  const auto error = timed_out(rig, 5);
  CHECK(error["what"].get<std::string>().find(" in \"") != std::string::npos);
  CHECK(module_state(rig) == "clean");
  CHECK(stored_state(rig) == "new");
}

TEST_CASE("a module that says nothing takes no longer than the job may") {
  timed_out(Rig({.faults = {"silent"}}), 4, "2");  // after 4 seconds it would be given up anyway
}

TEST_CASE("a message that does not come is waited for no longer than the job may take") {
  const Rig rig({.faults = {"message-lost"}});
  timed_out(rig, 5);
  CHECK(module_state(rig) == "clean");
}

TEST_CASE("a job that is well in time is not disturbed, and no time at all is wrong usage") {
  const Rig rig;
  CHECK(rig.provision({"--timeout", "60"}).exit_code == 0);
  CHECK(rig.provision({"--timeout", "0"}).exit_code == 2);
}

}  // namespace atcert::test
