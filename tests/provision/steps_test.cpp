// SPDX-License-Identifier: Apache-2.0
#include "provision/steps.hpp"

#include <doctest/doctest.h>

namespace atcert::provision {
namespace {

class ManualClock final : public Clock {
 public:
  SteadyTime now() const override { return now_; }
  WallTime wall() const override { return {}; }
  void pass(Milliseconds time) { now_ += time; }

 private:
  SteadyTime now_{};
};

struct Heard final : Events {
  void step_started(const StepName& name) override { text += "start " + name.step + ";"; }
  void step_ended(const StepEnd& end) override { text += "end " + end.name.step + ";"; }
  void note(const std::string& note) override { text += "note " + note + ";"; }
  std::string text;
};

}  // namespace

TEST_CASE("a step is told, timed and recorded") {
  report::Run run;
  Heard heard;
  ManualClock clock;
  Steps steps(run, heard, clock);
  const auto result = steps.step({"push", "mqtt_ca"}, [&]() -> Result<std::string> {
    clock.pass(Milliseconds(250));
    return std::string("1188 bytes");
  });
  CHECK(result.ok());
  CHECK(heard.text == "start mqtt_ca;end mqtt_ca;");
  REQUIRE(run.steps.size() == 1);
  CHECK(run.steps[0].duration == Milliseconds(250));
  CHECK(run.steps[0].detail == "1188 bytes");
  CHECK(run.steps[0].outcome == StepEnd::Outcome::passed);
}

TEST_CASE("a failed step carries its error, in the record and to the caller") {
  report::Run run;
  Heard heard;
  const ManualClock clock;
  Steps steps(run, heard, clock);
  const auto result = steps.step({"push", "mqtt_ca"}, []() -> Result<std::string> {
    return Error{ErrorKind::module, "write_refused", "ERROR", "", "try again"};
  });
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == "write_refused");
  CHECK(run.steps.at(0).outcome == StepEnd::Outcome::failed);
  CHECK(run.steps.at(0).error.code == "write_refused");
}

TEST_CASE("notes are told and recorded") {
  report::Run run;
  Heard heard;
  const ManualClock clock;
  Steps steps(run, heard, clock);
  steps.note("the certificate was DER");
  CHECK(run.notes == std::vector<std::string>{"the certificate was DER"});
  CHECK(heard.text == "note the certificate was DER;");
}

}  // namespace atcert::provision
