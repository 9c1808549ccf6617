// SPDX-License-Identifier: Apache-2.0
#include "provision/job.hpp"

#include <doctest/doctest.h>

#include "demo/demo.hpp"
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

}  // namespace

TEST_CASE("a stop request during the push ends the job when all is written, and before it is verified") {
  const report::Run run = stopped_at("mqtt_ca");
  REQUIRE(run.error.has_value());
  CHECK(run.error->kind == ErrorKind::interrupted);
  CHECK(run.error->what == "interrupted; the module holds the new credentials, they were not verified");
  CHECK(run.error->remedy.find("atcert verify") != std::string::npos);
  REQUIRE(run.slots.size() == 3);
  for (const report::SlotFacts& slot : run.slots) CHECK(slot.state == "written");
  CHECK(run.steps.back().name.step == "mqtt_key");
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

TEST_CASE("a dry run tells the commands as steps in their order") {
  test::VirtualClock clock;
  test::ScriptedTransport wire(clock);
  test::expect_nvs_module(wire);
  wire.on("AT+SYSLOG=0\r\n", test::kOk).on("ATE1\r\n", test::kOk);
  Job job;
  job.command = "verify";
  job.dry_run = true;
  job.script = std::make_shared<const script::Script>(test::require(script::parse(kScript, "test.json")));
  const auto open = [&]() -> Result<std::unique_ptr<serial::Transport>> {
    return std::unique_ptr<serial::Transport>(std::make_unique<Borrowed>(wire));
  };
  Heard heard;
  const report::Run run = provision::run(std::move(job), {open, clock, nullptr, {}}, heard);
  CHECK_FALSE(run.error.has_value());
  const std::vector<std::string> expected = {"check: endpoint and names",
                                             "check: connection script",
                                             "identify: open the port",
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
  Job job;
  job.command = "verify";
  job.script = std::make_shared<const script::Script>(test::require(script::parse(kScript, "test.json")));
  bool opened = false;
  const auto open = [&]() -> Result<std::unique_ptr<serial::Transport>> {
    opened = true;
    return Error{};
  };
  const RandomSource none = [](void*, std::size_t, unsigned) -> ssize_t { return -1; };
  Heard heard;
  const report::Run run = provision::run(std::move(job), {open, clock, nullptr, {}, none}, heard);
  REQUIRE(run.error.has_value());
  CHECK(run.error->code == "no_random");
  CHECK_FALSE(opened);
}

}  // namespace atcert::provision
