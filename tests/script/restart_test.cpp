// SPDX-License-Identifier: Apache-2.0
// A module that restarts in the middle of a script.
#include <doctest/doctest.h>

#include "script/runner.hpp"
#include "script/scripts.hpp"
#include "support/scripted_transport.hpp"

namespace atcert::script {
namespace {

constexpr const char* kOk = "\r\nOK\r\n";
constexpr const char* kReady = "\r\nready\r\n";

struct Recorder : Events {
  void note(const std::string& text) override { notes.push_back(text); }
  void step_started(const StepName& name) override { steps += (steps.empty() ? "" : " ") + name.step; }
  void step_ended(const StepEnd& end) override { failed = failed || end.outcome == StepEnd::Outcome::failed; }

  std::vector<std::string> notes;
  std::string steps;
  bool failed = false;
};

// A script of two steps, the first of which asks for what the clean-up puts back.
struct Bench {
  Outcome run(int restarts, Result<void> ready_again = {}) {
    const std::string failure = R"(, "failure": {"kind": "cloud", "code": "plain", "remedy": "r"}})";
    const std::string text =
        R"({"title": "t", "restarts": )" + std::to_string(restarts) +
        R"(, "steps": [{"name": "ask", "send": "AT+M?", "expect": [{"line": "+M:<m:number>"}])" + failure +
        R"(, {"name": "join", "send": "AT+J", "expect": [{"line": "+UP:<n:number>"}], "timeout": 9)" + failure +
        R"(], "cleanup": [{"name": "back", "when": {"after": "join"}, "send": "AT+M=${m}")" + failure + "]}";
    const auto plan = prepare(parse_good(text), {}, old_module());
    REQUIRE_MESSAGE(plan.ok(), plan.error().what);
    RunOptions options;
    options.after_restart = [this, ready_again] { return ++restarted, ready_again; };
    return atcert::script::run(*plan, session, events, options);
  }
  Bench& ask(const std::string& mode) {
    module.on("AT+M?\r\n", "+M:" + mode + "\r\n" + kOk);
    return *this;
  }

  test::VirtualClock clock;
  test::ScriptedTransport module{clock};
  at::Session session{module, clock, nullptr, {}};
  Recorder events;
  int restarted = 0;
};

}  // namespace

TEST_CASE("a script begins again from its first step after a restart, and says so") {
  Bench bench;
  bench.ask("3").module.on("AT+J\r\n", kReady);
  bench.ask("1").module.on("AT+J\r\n", std::string("+UP:1\r\n") + kOk).on("AT+M=1\r\n", kOk);
  const Outcome outcome = bench.run(1);
  CHECK_MESSAGE(outcome.result.ok(), outcome.result.error().what);
  CHECK(bench.restarted == 1);
  CHECK(bench.events.steps == "ask join ask join back");
  CHECK_FALSE(bench.events.failed);
  REQUIRE(bench.events.notes.size() == 1);
  CHECK(bench.events.notes[0] ==
        "join: the module restarted while it ran AT+J; the script begins again (restart 1 of 1)");
}

TEST_CASE("a restart beyond the limit ends the script with the step it was lost in, and nothing is to be put back") {
  for (const int limit : {0, 1, 2}) {
    Bench bench;
    for (int i = 0; i <= limit; ++i) bench.ask("3").module.on("AT+J\r\n", kReady);
    const Outcome outcome = bench.run(limit);
    REQUIRE_FALSE(outcome.result.ok());
    CHECK(outcome.result.error().code == "restarted");
    CHECK(outcome.result.error().kind == ErrorKind::module);
    CHECK(outcome.result.error().what == "join: the module restarted while it ran AT+J");
    CHECK(outcome.cleanup.empty());
    CHECK(bench.restarted == limit);
  }
}

TEST_CASE("a restart is seen wherever its banner stands") {
  for (const Milliseconds delay : {Milliseconds(0), Milliseconds(1), Milliseconds(500)}) {
    Bench bench;
    bench.ask("3").module.on("AT+J\r\n", kOk).then(kReady, delay);
    bench.ask("1").module.on("AT+J\r\n", std::string("+UP:1\r\n") + kOk).on("AT+M=1\r\n", kOk);
    CHECK(bench.run(1).result.ok());
    CHECK(bench.restarted == 1);
  }
  Bench between;
  between.module.on("AT+M?\r\n", std::string("+M:3\r\n") + kOk + kReady);
  between.module.on("AT+J\r\n", std::string("+UP:1\r\n") + kOk);
  between.ask("1").module.on("AT+J\r\n", std::string("+UP:1\r\n") + kOk).on("AT+M=1\r\n", kOk);
  CHECK(between.run(1).result.ok());
  CHECK(between.restarted == 1);
}

TEST_CASE("a module that does not come back ready ends the script") {
  Bench bench;
  bench.ask("3").module.on("AT+J\r\n", kReady);
  const Outcome outcome = bench.run(1, Error{ErrorKind::no_module, "no_answer", "gone", "", ""});
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().what == "gone");
  CHECK(outcome.cleanup.empty());
}

TEST_CASE("a restart in the clean-up puts everything back") {
  Bench bench;
  bench.ask("3").module.on("AT+J\r\n", std::string("+UP:1\r\n") + kOk).on("AT+M=3\r\n", kReady);
  const Outcome outcome = bench.run(1);
  CHECK(outcome.result.ok());
  CHECK(outcome.cleanup.empty());
  CHECK(bench.restarted == 0);
}

}  // namespace atcert::script
