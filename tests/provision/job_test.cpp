// SPDX-License-Identifier: Apache-2.0
#include "provision/job.hpp"

#include <doctest/doctest.h>

#include "demo/demo.hpp"
#include "provision/check.hpp"
#include "provision/leave.hpp"
#include "provision/open.hpp"
#include "provision/prove.hpp"
#include "support/require.hpp"
#include "support/scripted_module.hpp"

namespace atcert::provision {
namespace {

// Asks the job to stop when a step of this name starts.
class StopAt final : public Events {
 public:
  explicit StopAt(std::string step) : step_(std::move(step)) {}
  void step_started(const StepName& name) override {
    if (name.step == step_) stop_.request_stop();
  }
  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::string step_;
  std::stop_source stop_;
};

report::Run stopped_at(const std::string& step) {
  const SystemClock clock;
  const auto scenery = test::require(demo::Scenery::set_up(clock.wall()));
  StopAt events(step);
  return demo::provision(image::Generation::nvs, scenery, clock, {events, nullptr, events.token()});
}

// A transport that the job may have for itself.
class Borrowed final : public serial::Transport {
 public:
  explicit Borrowed(serial::Transport& transport) : transport_(transport) {}
  Result<std::size_t> read(std::span<std::uint8_t> into, serial::Until until) override {
    return transport_.read(into, until);
  }
  Result<void> write(ByteView bytes, SteadyTime deadline) override { return transport_.write(bytes, deadline); }
  Result<void> discard_input() override { return transport_.discard_input(); }
  Result<unsigned> set_baud_rate(unsigned baud) override { return transport_.set_baud_rate(baud); }
  Result<void> set_flow_control(bool hardware) override { return transport_.set_flow_control(hardware); }
  Result<void> set_control_lines(bool dtr, bool rts) override { return transport_.set_control_lines(dtr, rts); }
  const serial::Traits& traits() const override { return transport_.traits(); }
  std::string other_users() const override { return transport_.other_users(); }
  const std::string& name() const override { return transport_.name(); }

 private:
  serial::Transport& transport_;
};

// The order in which things are told.
struct Heard final : Events {
  void step_ended(const StepEnd& end) override { told.push_back(end.name.stage + ": " + end.name.step); }
  void note(const std::string& text) override { told.push_back("note: " + text); }
  std::vector<std::string> told;
};

constexpr const char* kScript = R"({"title": "test", "steps": [
  {"name": "ask", "send": "AT+CWMODE?", "on_failure": "continue"}], "cleanup": [
  {"name": "leave", "send": "AT+CWQAP", "on_failure": "continue"}]})";

Part checked_script() {
  return check_script(std::make_shared<const script::Script>(test::require(script::parse(kScript, "test.json"))), {});
}

// Notes that it ran, and ends as it is told.
Part noted(std::string& ran, const std::string& name, Part::When when, std::optional<Error> ends = {}) {
  return {when, [&ran, name, ends](Context&) {
            ran += name + ";";
            return ends ? Result<void>(*ends) : Result<void>();
          }};
}

Error failure(const std::string& what) {
  return {ErrorKind::module, "test", what, {}, {}};
}

report::Run run_parts(std::vector<Part> parts) {
  const SystemClock clock;
  Events nobody;
  return run({"test", std::move(parts)}, {[] { return Error{}; }, clock, nullptr, {}}, nobody);
}

}  // namespace

TEST_CASE("parts run in their order while all is well") {
  std::string ran;
  const report::Run run =
      run_parts({noted(ran, "check", Part::When::well), noted(ran, "push", Part::When::well),
                 noted(ran, "diagnose", Part::When::failed), noted(ran, "leave", Part::When::always)});
  CHECK(ran == "check;push;leave;");
  CHECK(run.command == "test");
  CHECK_FALSE(run.error.has_value());
}

TEST_CASE("after a failure only the parts that are meant for it run, and the first error is the job's") {
  std::string ran;
  const report::Run run = run_parts({noted(ran, "push", Part::When::well, failure("first")),
                                     noted(ran, "prove", Part::When::well), noted(ran, "diagnose", Part::When::failed),
                                     noted(ran, "leave", Part::When::always, failure("second"))});
  CHECK(ran == "push;diagnose;leave;");
  REQUIRE(run.error.has_value());
  CHECK(run.error->what == "first");
}

TEST_CASE("a part that runs after a failure may add to its error") {
  std::string ran;
  const Part diagnose{Part::When::failed, [](Context& context) -> Result<void> {
                        context.record.error->cause = "the key is of another certificate";
                        return {};
                      }};
  const report::Run run = run_parts({noted(ran, "prove", Part::When::well, failure("refused")), diagnose});
  REQUIRE(run.error.has_value());
  CHECK(run.error->what == "refused");
  CHECK(run.error->cause == "the key is of another certificate");
}

TEST_CASE("what cannot be put back at the end fails a job that went well") {
  std::string ran;
  const report::Run run = run_parts(
      {noted(ran, "push", Part::When::well), noted(ran, "leave", Part::When::always, failure("not put back"))});
  REQUIRE(run.error.has_value());
  CHECK(run.error->what == "not put back");
}

TEST_CASE("a stop request during the push ends the job when all is written, and before it is verified") {
  const report::Run run = stopped_at("mqtt_ca");
  REQUIRE(run.error.has_value());
  CHECK(run.error->kind == ErrorKind::interrupted);
  CHECK(run.error->what == "interrupted; the module holds the new credentials, they were not verified");
  CHECK(run.error->remedy.find("atcert verify") != std::string::npos);
  REQUIRE(run.slots.size() == 3);
  for (const report::SlotFacts& slot : run.slots) CHECK(slot.state == "written");
  CHECK(run.steps.back().name.step == "put the baud rate back");
  REQUIRE(run.notes.size() == 1);
  CHECK(
      run.notes[0].starts_with("interrupted; finishing the write, which takes seconds at 115200 baud, two minutes at"));
}

TEST_CASE("a stop request before the push says that nothing was changed") {
  const report::Run run = stopped_at("read the firmware release");
  REQUIRE(run.error.has_value());
  CHECK(run.error->kind == ErrorKind::interrupted);
  CHECK(run.error->what.ends_with("; nothing was changed"));
}

TEST_CASE("a stop request during the verification is told with the step") {
  const report::Run run = stopped_at("join Wi-Fi");
  REQUIRE(run.error.has_value());
  CHECK(run.error->kind == ErrorKind::interrupted);
  CHECK(run.error->what.starts_with("join Wi-Fi: interrupted"));
  CHECK(run.error->what.ends_with("; the module was left clean"));
}

TEST_CASE("a program that has the port open too is told, and is a cause where nothing answers") {
  test::VirtualClock clock;
  test::ScriptedTransport wire(clock);
  wire.others = "minicom (process 4711)";
  wire.unplug();
  const auto open = [&]() -> Result<std::unique_ptr<serial::Transport>> {
    return std::unique_ptr<serial::Transport>(std::make_unique<Borrowed>(wire));
  };
  Events nobody;
  const report::Run run = provision::run({"verify", {open_module()}}, {open, clock, nullptr, {}}, nobody);
  REQUIRE(run.notes.size() == 1);
  CHECK(run.notes.front() == "scripted is open in minicom (process 4711) too, which may take what the module says");
  REQUIRE(run.error.has_value());
  CHECK(run.error->kind == ErrorKind::no_module);
  CHECK(run.error->cause.ends_with("the port is open in minicom (process 4711) too"));
}

TEST_CASE("a dry run tells the commands as steps in their order") {
  test::VirtualClock clock;
  test::ScriptedTransport wire(clock);
  test::expect_nvs_module(wire);
  wire.on("AT+SYSLOG=0\r\n", test::kOk).on("ATE1\r\n", test::kOk);
  const Job job{
      "verify",
      {check_names({}), checked_script(), open_module(), identify_module(), tell_script(false), leave_module()}};
  const auto open = [&]() -> Result<std::unique_ptr<serial::Transport>> {
    return std::unique_ptr<serial::Transport>(std::make_unique<Borrowed>(wire));
  };
  Heard heard;
  const report::Run run = provision::run(job, {open, clock, nullptr, {}}, heard);
  CHECK_FALSE(run.error.has_value());
  const std::vector<std::string> expected = {"check: endpoint and names",
                                             "check: connection script",
                                             "identify: open the port",
                                             "identify: reach the module",
                                             "identify: read the firmware release",
                                             "verify: ask",
                                             "clean-up: leave"};
  CHECK(heard.told == expected);
  CHECK(run.steps.back().outcome == StepEnd::Outcome::skipped);
  CHECK(run.steps.back().detail == "would send AT+CWQAP");
  CHECK(run.notes.empty());
}

TEST_CASE("a job that cannot make a nonce of its own ends before the port is opened") {
  const SystemClock clock;
  const Job job{"verify", {check_names({}), checked_script(), open_module(), identify_module()}};
  bool opened = false;
  const auto open = [&]() -> Result<std::unique_ptr<serial::Transport>> {
    opened = true;
    return Error{};
  };
  const RandomSource none = [](void*, std::size_t, unsigned) -> ssize_t { return -1; };
  Heard heard;
  const report::Run run = provision::run(job, {open, clock, nullptr, {}, none}, heard);
  REQUIRE(run.error.has_value());
  CHECK(run.error->code == "no_random");
  CHECK_FALSE(opened);
}

}  // namespace atcert::provision
