// SPDX-License-Identifier: Apache-2.0
#include "script/runner.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "script/scripts.hpp"
#include "support/scripted_transport.hpp"

namespace atcert::script {
namespace {

constexpr const char* kOk = "\r\nOK\r\n";
constexpr const char* kError = "\r\nERROR\r\n";

struct Recorder : Events {
  void step_ended(const StepEnd& end) override { ends.push_back(end); }
  void note(const std::string& text) override { notes.push_back(text); }
  void waiting(const StepName&, Milliseconds elapsed, Milliseconds limit) override {
    waits.emplace_back(elapsed.count() / 1000, limit.count() / 1000);
  }

  std::string names() const {
    std::string all;
    for (const StepEnd& end : ends) {
      const char* mark = end.outcome == StepEnd::Outcome::passed   ? ""
                         : end.outcome == StepEnd::Outcome::failed ? "!"
                                                                   : "-";
      all += (all.empty() ? "" : " ") + std::string(mark) + end.name.step;
    }
    return all;
  }

  std::vector<StepEnd> ends;
  std::vector<std::string> notes;
  std::vector<std::pair<long, long>> waits;  // seconds
};

struct Bench {
  Outcome run(const std::string& variables, const std::string& steps, const std::string& cleanup = "",
              Values named = {}, const RunOptions& options = {}) {
    ModuleFacts facts = old_module();
    facts.observed = options.observer != nullptr;
    auto plan = prepare(parse_good(script_text(variables, steps, cleanup)), {std::move(named), {}}, facts);
    REQUIRE_MESSAGE(plan.ok(), plan.error().what);
    return atcert::script::run(*plan, session, events, options);
  }

  Milliseconds elapsed() const { return std::chrono::duration_cast<Milliseconds>(clock.now() - start); }

  test::VirtualClock clock;
  SteadyTime start = clock.now();
  test::ScriptedTransport module{clock};
  at::RecentDialogue log{200};
  std::stop_source stop;
  at::Session session{module, clock, &log, stop.get_token()};
  Recorder events;
};

std::string step(const std::string& name, const std::string& members) {
  return "{\"name\": \"" + name + "\", " + members +
         R"(, "failure": {"kind": "cloud", "code": "plain", "cause": "some cause", "remedy": "do something", "causes": [
           {"error_code": "0x010a6021", "kind": "module", "code": "missing", "cause": "no CA", "remedy": "push"},
           {"line": "+CWJAP:2", "kind": "network", "code": "password", "cause": "wrong password", "remedy": "correct it"},
           {"line": "+T:<text> 1970", "kind": "network", "code": "unset", "cause": "no time", "remedy": "open port 123"},
           {"no_error_code": true, "code": "refused", "cause": "not the module", "remedy": "look at the broker"},
           {"silent": true, "code": "silent", "cause": "nothing came", "remedy": "wait longer"}]}})";
}

std::string go_on(const std::string& name, const std::string& members) {
  return "{\"name\": \"" + name + "\", " + members + R"(, "on_failure": "continue"})";
}

// Says what it is told to say, and keeps what it sends.
struct FakeObserver final : Observer {
  Result<bool> saw(const std::string& topic, const std::string& message, Milliseconds limit) override {
    asked.push_back(topic + ": " + message + fmt::format(" ({} s)", limit.count() / 1000));
    return answer;
  }
  Result<void> send(const std::string& topic, const std::string& message, Milliseconds) override {
    sent.push_back(topic + ": " + message);
    if (on_send) on_send();
    return given;
  }

  Result<bool> answer = true;
  Result<void> given = {};
  std::function<void()> on_send;
  std::vector<std::string> asked;
  std::vector<std::string> sent;
};

const std::string kSees = R"("observer": {"sees": "m", "topic": "t"}, "timeout": 7)";
const std::string kSends = R"("observer": {"sends": "{\n1\n}", "topic": "t"}, "timeout": 7,
  "expect": [{"message": "+MQTTSUBRECV:0,\"t\",<number>,", "payload": "{\n1\n}"}], "fails_on": ["+MQTTDISCONNECTED:0"])";

// A step that publishes and waits for its message.
std::string publish_step(const std::string& more = "") {
  return step("publish", R"("send": "AT+PUB", "timeout": 20, "fails_on": ["+MQTTDISCONNECTED:0"],
    "expect": [{"message": "+MQTTSUBRECV:0,\"t\",<number>,", "payload": "{\"n\":\"1,\"}"}])" +
                             more);
}

}  // namespace

TEST_CASE("steps run in order, and what one captures the next can send") {
  Bench bench;
  bench.module.on("AT+CWMODE?\r\n", "+CWMODE:3\r\n\r\nOK\r\n", Milliseconds(10)).on("AT+Y=3,\"a\\,b\"\r\n", kOk);
  const Outcome outcome = bench.run(
      "",
      step("ask", R"("send": "AT+CWMODE?", "expect": [{"line": "+CWMODE:<mode:number>"}], "detail": "mode ${mode}")") +
          "," + go_on("text", R"("send": "AT+Y=${mode},\"a\\,b\"")"));
  CHECK(outcome.result.ok());
  CHECK(outcome.captures.at("mode") == "3");
  REQUIRE(bench.events.names() == "ask text");
  CHECK(bench.events.ends[0].detail == "mode 3");
  CHECK(bench.events.ends[0].duration == Milliseconds(10));
  CHECK(bench.events.ends[0].name.stage == "verify");
}

TEST_CASE("a failure is noted where the step says when to go on, and a later step may ask for it") {
  const std::string variables =
      R"({"name": "mode", "description": "d", "default": "strict", "one_of": ["strict", "lax"]})";
  const std::string steps =
      step("first", R"("send": "AT+A", "continue_when": {"equals": {"name": "mode", "value": "lax"}})") + "," +
      step("instead", R"("send": "AT+B", "when": {"failed": "first"})") + "," +
      step("last", R"("send": "AT+C", "when": {"not": {"failed": "instead"}})");
  Bench lax;
  lax.module.on("AT+A\r\n", kError).on("AT+B\r\n", kOk).on("AT+C\r\n", kOk);
  Values mode;
  mode.emplace("mode", "lax");
  CHECK(lax.run(variables, steps, "", std::move(mode)).result.ok());
  CHECK(lax.events.names() == "-first instead last");
  CHECK(lax.events.ends[0].detail == "first: AT+A: the module answered ERROR");
  Bench strict;
  strict.module.on("AT+A\r\n", kError);
  CHECK_FALSE(strict.run(variables, steps).result.ok());
  CHECK(strict.events.names() == "!first");
  Bench good;
  good.module.on("AT+A\r\n", kOk).on("AT+C\r\n", kOk);
  CHECK(good.run(variables, steps).result.ok());
}

TEST_CASE("an observer that sees the message passes its step, and one that does not fails it") {
  FakeObserver observer;
  Bench good;
  CHECK(good.run("", step("see", kSees), "", {}, {.observer = &observer}).result.ok());
  CHECK(observer.asked == std::vector<std::string>{"t: m (7 s)"});
  observer.answer = false;
  Bench bad;
  const Outcome outcome = bad.run("", step("see", kSees), "", {}, {.observer = &observer});
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().what == "see: t: the message did not come to the observer");
  CHECK(outcome.result.error().code == "silent");
}

TEST_CASE("what an observer sends the module has to receive, in as many lines as it has") {
  FakeObserver observer;
  Bench bench;
  observer.on_send = [&] { bench.module.deliver("+MQTTSUBRECV:0,\"t\",5,{\n1\n}\r\n", Milliseconds(50)); };
  CHECK(bench.run("", step("receive", kSends), "", {}, {.observer = &observer}).result.ok());
  CHECK(observer.sent == std::vector<std::string>{"t: {\n1\n}"});
}

TEST_CASE("a message that was there before the observer has sent its own does not count") {
  FakeObserver observer;
  Bench bench;
  bench.module.on("AT\r\n", std::string(kOk) + "+MQTTSUBRECV:0,\"t\",5,{\n1\n}\r\n").on("AT\r\n", kOk);
  const Outcome outcome =
      bench.run("", go_on("first", R"("send": "AT")") + "," + step("receive", kSends), "", {}, {.observer = &observer});
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().code == "silent");
  CHECK(outcome.result.error().what ==
        "receive: t: the observer sent its message, but the message of 5 bytes did not come");
}

TEST_CASE("an observer that fails ends the script with its own words") {
  FakeObserver observer;
  const Error lost{ErrorKind::cloud, "observer_lost", "the observer: its connection is lost", "", "try again"};
  observer.given = lost;
  observer.answer = lost;
  for (const std::string& members : {kSees, kSends}) {
    Bench bench;
    const Outcome outcome = bench.run("", step("s", members), "", {}, {.observer = &observer});
    REQUIRE_FALSE(outcome.result.ok());
    CHECK(outcome.result.error().code == "observer_lost");
    CHECK(outcome.result.error().what == "s: the observer: its connection is lost");
  }
}

TEST_CASE("a variable with words takes no other") {
  Given given;
  given.named.emplace("mode", "loose");
  const auto plan =
      prepare(parse_good(script_text(
                  R"({"name": "mode", "description": "how", "default": "strict", "one_of": ["strict", "lax"]})",
                  go_on("s", R"("send": "AT")"))),
              std::move(given), old_module());
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().kind == ErrorKind::usage);
  CHECK(plan.error().what == "variable \"mode\" is \"loose\"");
  CHECK(plan.error().remedy == "give one of these: strict, lax; it is how");
}

TEST_CASE("the host's time is that of the moment when the step is sent") {
  Bench bench;
  const auto now = [&] { return std::chrono::system_clock::to_time_t(bench.clock.wall()); };
  const auto first = now();
  bench.module.on(fmt::format("AT+T={}\r\n", first), kError).on(fmt::format("AT+T={}\r\n", first + 3), kOk);
  CHECK(bench.run("", step("set", R"("send": "AT+T=${host_time}", "attempts": 2, "pause": 3)")).result.ok());
}

TEST_CASE("an expected line may come before the result or after it") {
  const std::string connect = step("connect", R"("send": "AT+C", "timeout": 45, "expect": [{"line": "+UP:<text>"}])");
  Bench before;
  before.module.on("AT+C\r\n", "+UP:1\r\n\r\nOK\r\n");
  CHECK(before.run("", connect).result.ok());
  Bench after;
  after.module.on("AT+C\r\n", kOk).then("+UP:1\r\n", Milliseconds(8000));
  CHECK(after.run("", connect).result.ok());
  CHECK(after.elapsed() == Milliseconds(8000));
}

TEST_CASE("an expected line that does not come ends the step at its timeout") {
  Bench bench;
  bench.module.on("AT+C\r\n", kOk).on("AT\r\n", kOk);
  const Outcome outcome =
      bench.run("", step("connect", R"("send": "AT+C", "timeout": 45, "expect": [{"line": "+UP:<text>"}])"));
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().what == "connect: AT+C: the module answered, but \"+UP:<text>\" did not come");
  CHECK(outcome.result.error().code == "silent");
  CHECK(outcome.result.error().kind == ErrorKind::cloud);
  CHECK(bench.elapsed() >= Milliseconds(45000));
  CHECK(bench.elapsed() < Milliseconds(45500));
}

TEST_CASE("a refusal is told with the module's words and the cause for its evidence") {
  const auto refused = [](const std::string& answer) {
    Bench bench;
    bench.module.on("AT+C\r\n", answer);
    const Outcome outcome =
        bench.run("", step("connect", R"("send": "AT+C")") + "," + go_on("never", R"("send": "AT")"));
    CHECK(bench.events.names() == "!connect");
    REQUIRE_FALSE(outcome.result.ok());
    return outcome.result.error();
  };
  const Error missing = refused("ERR CODE:0x010a6021\r\nERR CODE:0x010a600a\r\n\r\nERROR\r\n");
  CHECK(missing.what == "connect: AT+C: the module answered ERR CODE:0x010a6021, ERR CODE:0x010a600a, ERROR");
  CHECK(missing.kind == ErrorKind::module);
  CHECK(missing.code == "missing");
  CHECK(missing.cause == "no CA");
  const Error password = refused("WIFI DISCONNECT\r\n+CWJAP:2\r\n\r\nERROR\r\n");
  CHECK(password.code == "password");
  CHECK(password.kind == ErrorKind::network);
  CHECK(password.what.ends_with("+CWJAP:2, ERROR"));
  CHECK(refused(kError).code == "refused");
  const Error other = refused("ERR CODE:0x01090000\r\n\r\nERROR\r\n");
  CHECK(other.code == "plain");
  CHECK(other.cause == "some cause");
  CHECK(other.remedy == "do something");
}

TEST_CASE("a command that a module does not end is told by the step that waited") {
  Bench bench;
  const auto silent = step("connect", R"("send": "AT+C", "timeout": 45)");
  bench.module.on("AT+C\r\n").on("AT\r\n", "\r\nbusy p...\r\n");
  const Outcome outcome = bench.run("", silent);
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().code == "silent");
  CHECK(bench.elapsed() >= Milliseconds(45000));
  CHECK(bench.elapsed() < Milliseconds(45500));
}

TEST_CASE("a module that falls silent is no matter of what the step is about") {
  Bench unanswered;
  unanswered.module.on("AT+C\r\n").on("AT\r\n");
  const Outcome none = unanswered.run("", step("connect", R"("send": "AT+C", "timeout": 45, "attempts": 3)"));
  REQUIRE_FALSE(none.result.ok());
  CHECK(none.result.error().kind == ErrorKind::no_module);
  CHECK(none.result.error().what == "connect: the module on scripted has fallen silent at AT+C: it does not answer AT");
  CHECK(unanswered.elapsed() == Milliseconds(46000));
  Bench answered;
  answered.module.on("AT+PUB\r\n", kOk).on("AT\r\n");
  const Outcome lost = answered.run("", publish_step());
  REQUIRE_FALSE(lost.result.ok());
  CHECK(lost.result.error().kind == ErrorKind::no_module);
  CHECK(answered.elapsed() < Milliseconds(21500));
}

TEST_CASE("what comes late of the step before does not make the next one pass") {
  Bench bench;
  bench.module.on("AT+A\r\n", kOk, Milliseconds(5)).on("AT+B\r\n", kOk, Milliseconds(100)).on("AT\r\n", kOk);
  bench.module.on_write = [&, writes = 0]() mutable {
    if (++writes == 1) bench.module.deliver("\r\nOK\r\n+UP:1\r\n", Milliseconds(5));
  };
  const Outcome outcome = bench.run("", step("a", R"("send": "AT+A")") + "," +
                                            step("b", R"("send": "AT+B", "expect": [{"line": "+UP:<n:number>"}])"));
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().code == "silent");
}

TEST_CASE("attempts are repeated with a pause until one passes") {
  Bench bench;
  bench.module.on("AT+T?\r\n", kError).on("AT+T?\r\n", "busy p...\r\n+T:9\r\nOK\r\n");
  const Outcome outcome = bench.run(
      "", step("time", R"("send": "AT+T?", "attempts": 3, "pause": 2, "expect": [{"line": "+T:<n:number>"}])"));
  CHECK(outcome.result.ok());
  CHECK(bench.elapsed() >= Milliseconds(2000));
  CHECK(bench.elapsed() < Milliseconds(3500));
}

TEST_CASE("a pause ends with the line that it waits for") {
  Bench bench;
  bench.module.on("AT+T?\r\n", kError)
      .then("+TIME_UPDATED\r\n", Milliseconds(300))
      .on("AT+T?\r\n", kOk, Milliseconds(0));
  const Outcome outcome =
      bench.run("", step("time", R"("send": "AT+T?", "attempts": 3, "pause": 5, "pause_until": "+TIME_UPDATED")"));
  CHECK(outcome.result.ok());
  CHECK(bench.elapsed() == Milliseconds(300));
}

TEST_CASE("a cause may depend on what was given") {
  const std::string variables = R"({"name": "password", "description": "d", "default": "", "secret": true})";
  const std::string join = R"({"name": "join", "send": "AT+J=${password|quoted}", "failure": {
    "kind": "network", "code": "plain", "remedy": "r", "causes": [
      {"when": {"not": {"set": "password"}}, "line": "+CWJAP:2", "code": "none", "cause": "c", "remedy": "give one"},
      {"line": "+CWJAP:2", "code": "wrong", "cause": "c", "remedy": "correct it"}]}})";
  Bench without;
  without.module.on("AT+J=\"\"\r\n", "+CWJAP:2\r\n\r\nERROR\r\n");
  CHECK(without.run(variables, join).result.error().code == "none");
  Bench with;
  with.module.on("AT+J=\"x\"\r\n", "+CWJAP:2\r\n\r\nERROR\r\n");
  Values named;
  named.emplace("password", Secret(std::string_view("x")));
  CHECK(with.run(variables, join, "", std::move(named)).result.error().code == "wrong");
}

TEST_CASE("the last attempt's failure is the step's") {
  Bench bench;
  bench.module.on("AT\r\n", kError).on("AT\r\n", "+CWJAP:2\r\nERROR\r\n");
  const Outcome outcome = bench.run("", step("join", R"("send": "AT", "attempts": 2)"));
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().code == "password");
}

TEST_CASE("every further attempt is said with what the one before came to, looks at the clock are not") {
  Bench bench;
  bench.module.on("AT+J\r\n", "+CWJAP:1\r\nERROR\r\n").on("AT+J\r\n", kError).on("AT+J\r\n", kOk);
  bench.module.on("AT+T?\r\n", "+T:Thu Jan  1 00:00:09 1970\r\nOK\r\n");
  bench.module.on("AT+T?\r\n", "+T:Tue Nov 14 23:13:22 2023\r\nOK\r\n");
  CHECK(bench
            .run("", step("join", R"("send": "AT+J", "attempts": 4)") + "," +
                         step("time",
                              R"("send": "AT+T?", "attempts": 2, "expect": [{"line": "+T:<at:time>", "within": 9}])"))
            .result.ok());
  CHECK(bench.events.notes == std::vector<std::string>{"join: the module answered +CWJAP:1, ERROR; attempt 2 of 4",
                                                       "join: the module answered ERROR; attempt 3 of 4"});
}

TEST_CASE("a cause may be worth fewer attempts than its step has") {
  Bench bench;
  bench.module.on("AT+C\r\n", kError).on("AT+C\r\n", "ERR CODE:0x010a6021\r\n\r\nERROR\r\n");
  const Outcome outcome = bench.run("", R"({"name": "c", "send": "AT+C", "attempts": 9, "failure": {"kind": "cloud",
    "code": "plain", "remedy": "r", "causes": [
      {"error_code": "0x010a6021", "code": "missing", "cause": "c", "remedy": "r", "attempts": 2}]}})");
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().code == "missing");
}

TEST_CASE("a line that is dropped again and again is tried as often as its step says") {
  Bench bench;
  for (int i = 0; i < 3; ++i) bench.module.on("AT+C\r\n", "busy p...\r\n").on("AT\r\n", kOk);
  bench.module.on("AT+C\r\n", kOk);
  CHECK(bench.run("", step("c", R"("send": "AT+C", "attempts": 2)")).result.ok());
  REQUIRE(bench.events.notes.size() == 1);
  CHECK(bench.events.notes[0].ends_with("attempt 2 of 2"));
}

TEST_CASE("a step that waits says so every second, in its answer and in its pauses") {
  Bench bench;
  bench.module.on("AT+C\r\n", kError, Milliseconds(1500)).on("AT+C\r\n", kOk, Milliseconds(10));
  CHECK(bench.run("", step("c", R"("send": "AT+C", "attempts": 2, "timeout": 5, "pause": 3)")).result.ok());
  CHECK(bench.events.waits == std::vector<std::pair<long, long>>{{1, 13}, {2, 13}, {3, 13}});
}

TEST_CASE("the module's clock is compared with this machine's") {
  const auto time_step = [](int tolerance) {
    return step("time", R"("send": "AT+T?", "attempts": 2, "expect": [{"line": "+T:<at:time>", "within": )" +
                            std::to_string(tolerance) + "}]");
  };
  // The virtual clock stands at 2023-11-14 23:13:20 UTC.
  Bench right;
  right.module.on("AT+T?\r\n", "+T:Thu Jan  1 00:00:09 1970\r\nOK\r\n")
      .on("AT+T?\r\n", "+T:Tue Nov 14 23:18:20 2023\r\nOK\r\n");
  const Outcome outcome = right.run("", time_step(300));
  CHECK(outcome.result.ok());
  CHECK(outcome.captures.at("at") == "Tue Nov 14 23:18:20 2023");
  Bench off;
  off.module.on("AT+T?\r\n", "+T:Tue Nov 14 23:20:20 2023\r\nOK\r\n")
      .on("AT+T?\r\n", "+T:Tue Nov 14 23:20:20 2023\r\nOK\r\n");
  const Outcome wrong = off.run("", time_step(300));
  REQUIRE_FALSE(wrong.result.ok());
  CHECK(wrong.result.error().what ==
        "time: AT+T?: the module's clock says Tue Nov 14 23:20:20 2023, this machine's 2023-11-14 23:13:21 UTC");
  CHECK(wrong.result.error().code == "plain");
  Bench unset;
  unset.module.on("AT+T?\r\n", "+T:Thu Jan 01 00:00:09 1970\r\nOK\r\n")
      .on("AT+T?\r\n", "+T:Thu Jan  1 00:00:09 1970\r\nOK\r\n");
  CHECK(unset.run("", time_step(300)).result.error().code == "unset");
}

TEST_CASE("the message that went out must come round with the same bytes") {
  Bench bench;
  bench.module.on("AT+PUB\r\n", "+MQTTSUBRECV:0,\"t\",8,retained\r\n")
      .then(kOk, Milliseconds(500))
      .then("+MQTTSUBRECV:0,\"other\",10,{\"n\":\"1,\"}\r\n", Milliseconds(600))
      .then("+MQTTSUBRECV:0,\"t\",10,{\"n\":\"2,\"}\r\n", Milliseconds(700))
      .then("+MQTTSUBRECV:0,\"t\",10,{\"n\":\"1,\"}\r\n", Milliseconds(800));
  CHECK(bench.run("", publish_step()).result.ok());
  CHECK(bench.elapsed() == Milliseconds(800));
}

TEST_CASE("a message may come before the result, and in pieces") {
  Bench before;
  before.module.on("AT+PUB\r\n", "+MQTTSUBRECV:0,\"t\",10,{\"n\":\"1,\"}\r\n\r\nOK\r\n");
  CHECK(before.run("", publish_step()).result.ok());
  Bench pieces;
  pieces.module.on("AT+PUB\r\n", "+MQTTSUBRECV:0,\"t\",4,{\"n\"\r\n\r\nOK\r\n+MQTTSUBRECV:0,\"t\",6,:\"1,\"}\r\n");
  CHECK(pieces.run("", publish_step()).result.ok());
}

TEST_CASE("a message that is cut, or goes on wrongly, is not the message") {
  Bench bench;
  bench.module.on("AT+PUB\r\n", "\r\nOK\r\n+MQTTSUBRECV:0,\"t\",4,{\"n\"\r\n+MQTTSUBRECV:0,\"t\",6,:\"2,\"}\r\n")
      .then("+MQTTSUBRECV:0,\"t\",4,{\"n\"\r\n", Milliseconds(10))
      .on("AT\r\n", kOk);
  const Outcome outcome = bench.run("", publish_step());
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().what.ends_with("the message of 10 bytes did not come whole, only 4 of them"));
  CHECK(outcome.result.error().code == "silent");
}

TEST_CASE("a line that ends the wait does so at once") {
  Bench bench;
  bench.module.on("AT+PUB\r\n", kOk).then("+MQTTDISCONNECTED:0\r\n", Milliseconds(700));
  const Outcome outcome = bench.run("", publish_step());
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().what.ends_with("the module said \"+MQTTDISCONNECTED:0\""));
  CHECK(outcome.result.error().code == "plain");
  CHECK(bench.elapsed() == Milliseconds(700));
}

TEST_CASE("what the module said before a command is not taken for its answer") {
  Bench bench;
  bench.module.deliver("+MQTTDISCONNECTED:0\r\n+MQTTSUBRECV:0,\"t\",10,{\"n\":\"1,\"}\r\n");
  bench.module.on("AT+PUB\r\n", kOk).on("AT\r\n", kOk);
  CHECK(bench.run("", publish_step()).result.error().code == "silent");
}

TEST_CASE("data goes out after the prompt, byte for byte, and secrets stay out of the log") {
  Bench bench;
  bench.module.on("AT+LONG=0,6\r\n", "\r\nOK\r\n\r\n>").on("a\"b,c\\", kOk).on("AT+P=\"a\\\"b\\,c\\\\\"\r\n", kOk);
  Values named;
  named.emplace("p", Secret(std::string_view("a\"b,c\\")));
  const Outcome outcome = bench.run(R"({"name": "p", "description": "d", "secret": true, "default": ""})",
                                    go_on("long", R"("send": "AT+LONG=0,${p|length}", "data": "${p}")") + "," +
                                        go_on("plain", R"("send": "AT+P=${p|quoted}")"),
                                    "", std::move(named));
  CHECK(outcome.result.ok());
  CHECK(bench.events.names() == "long plain");
  for (const auto& entry : bench.log.entries()) CHECK(entry.text.find("b,c") == std::string::npos);
}

TEST_CASE("a raw publish ends with its own result") {
  Bench bench;
  bench.module.on("AT+R\r\n", "\r\nOK\r\n\r\n>").on("x", "+MQTTPUB:OK\r\n");
  CHECK(bench.run("", step("raw", R"("send": "AT+R", "data": "x", "result": "publish")")).result.ok());
}

TEST_CASE("a tolerated failure is skipped over, a tolerated result is no failure") {
  Bench bench;
  bench.module.on("AT+A\r\n", kError).on("AT+B\r\n", kError).on("AT+C\r\n", kOk);
  CHECK(bench
            .run("", step("a", R"("send": "AT+A", "result": "any")") + "," + go_on("b", R"("send": "AT+B")") + "," +
                         step("c", R"("send": "AT+C")"))
            .result.ok());
  CHECK(bench.events.names() == "a -b c");
}

TEST_CASE("a step that needs what was not captured fails and sends nothing") {
  Bench bench;
  bench.module.on("AT+A?\r\n", kError);
  const Outcome outcome = bench.run("", go_on("ask", R"("send": "AT+A?", "expect": [{"line": "+A:<a:number>"}])") +
                                            "," + step("use", R"("send": "AT+B=${a}")"));
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().code == "capture_missing");
}

TEST_CASE("the clean-up puts back what was changed, also after a failure") {
  const std::string steps = go_on("ask", R"("send": "AT+M?", "expect": [{"line": "+M:<m:number>"}])") + "," +
                            step("set", R"("send": "AT+M=1")") + "," + step("join", R"("send": "AT+J")") + "," +
                            step("publish", R"("send": "AT+P")");
  const std::string cleanup = go_on("close", R"("send": "AT+X", "when": {"after": "publish"})") + "," +
                              go_on("leave", R"("send": "AT+L", "when": {"after": "join"})") + "," +
                              go_on("reset", R"("send": "AT+M=${m}", "when": {"after": "set", "set": "m"})");
  Bench bench;
  bench.module.on("AT+M?\r\n", "+M:3\r\nOK\r\n").on("AT+M=1\r\n", kOk).on("AT+J\r\n", kError).on("AT+L\r\n", kOk);
  bench.module.on("AT+M=3\r\n", kOk);
  const Outcome outcome = bench.run("", steps, cleanup);
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().what.starts_with("join: "));
  CHECK(outcome.cleanup.empty());
  CHECK(bench.events.names() == "ask set !join leave reset");
  CHECK(bench.events.ends.back().name.stage == "clean-up");
}

TEST_CASE("the clean-up runs after an interrupt") {
  Bench bench;
  bench.module.on("AT+J\r\n").on("AT\r\n", kOk).on("AT+L\r\n", kOk);
  bench.module.on_write = [&] { bench.stop.request_stop(); };
  const Outcome outcome = bench.run("", step("join", R"("send": "AT+J", "timeout": 20)"),
                                    step("leave", R"("send": "AT+L", "when": {"after": "join"})"));
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().kind == ErrorKind::interrupted);
  CHECK(outcome.cleanup.empty());
  CHECK(bench.events.names() == "!join leave");
}

TEST_CASE("an interrupt is told with the step that it kept from starting") {
  Bench bench;
  bench.module.on("AT+BEFORE\r\n", kOk);
  CHECK(bench.session.execute({at::CommandLine("AT+BEFORE"), Milliseconds(100)}).ok());
  bench.stop.request_stop();
  const Outcome outcome = bench.run("", step("connect", R"("send": "AT+C")"));
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().kind == ErrorKind::interrupted);
  CHECK(outcome.result.error().what == "connect: interrupted");
}

TEST_CASE("an interrupt ends the script even in a step whose failure is tolerated") {
  Bench bench;
  bench.stop.request_stop();
  CHECK(bench.run("", go_on("a", R"("send": "AT")") + "," + go_on("b", R"("send": "AT")")).result.error().kind ==
        ErrorKind::interrupted);
  CHECK(bench.events.names() == "-a");
}

TEST_CASE("a clean-up that fails spoils a good run and does not hide a failure") {
  const std::string cleanup = step("leave", R"("send": "AT+L")") + "," + step("reset", R"("send": "AT+R")");
  Bench good;
  good.module.on("AT\r\n", kOk).on("AT+L\r\n", kError).on("AT+R\r\n", kOk);
  const Outcome spoiled = good.run("", step("a", R"("send": "AT")"), cleanup);
  REQUIRE_FALSE(spoiled.result.ok());
  CHECK(spoiled.result.error().what.starts_with("leave: "));
  CHECK(good.events.names() == "a !leave reset");
  Bench bad;
  bad.module.on("AT\r\n", kError).on("AT+L\r\n", kError).on("AT+R\r\n", kOk);
  const Outcome failed = bad.run("", step("a", R"("send": "AT")"), cleanup);
  REQUIRE_FALSE(failed.result.ok());
  CHECK(failed.result.error().what.starts_with("a: "));
  REQUIRE(failed.cleanup.size() == 1);
  CHECK(failed.cleanup[0].what.starts_with("leave: "));
}

TEST_CASE("the clean-up ends within its budget") {
  Bench bench;
  bench.module.on("AT\r\n", kOk);
  std::string cleanup;
  bench.module.on("AT+A\r\n").on("AT\r\n", kOk).on("AT+B\r\n");
  for (const char* name : {"A", "B", "C"}) {
    cleanup += (cleanup.empty() ? "" : ",") + step(name, "\"timeout\": 20, \"send\": \"AT+" + std::string(name) + "\"");
  }
  const Outcome outcome = bench.run("", step("a", R"("send": "AT")"), cleanup);
  CHECK(outcome.cleanup.size() == 3);
  CHECK(outcome.cleanup.back().code == "out_of_time");
  CHECK(bench.elapsed() < Milliseconds(31000));
}

TEST_CASE("the clean-up of a module that has fallen silent is not waited for") {
  Bench bench;
  bench.module.on("AT+A\r\n").on("AT\r\n").on("AT\r\n");
  const Outcome outcome = bench.run("", step("a", R"("send": "AT+A", "timeout": 5)"),
                                    step("b", R"("send": "AT+B")") + "," + step("c", R"("send": "AT+C")"));
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().kind == ErrorKind::no_module);
  CHECK(bench.elapsed() == Milliseconds(7000));
}

TEST_CASE("in a hurry what may take long is put back last, and what there was no time for is listed") {
  Bench bench;
  bench.module.on("AT+J\r\n").then(kError, Milliseconds(2000));
  bench.module.on("AT+QUICK\r\n", kOk).on("AT+SLOW\r\n");
  bench.module.on_write = [&] { bench.stop.request_stop(); };
  const Outcome outcome =
      bench.run("", step("join", R"("send": "AT+J", "timeout": 20)"),
                go_on("slow", R"("send": "AT+SLOW", "timeout": 20)") + "," + step("quick", R"("send": "AT+QUICK")"));
  CHECK(bench.events.names() == "!join quick -slow");
  REQUIRE(outcome.cleanup.size() == 1);
  CHECK(outcome.cleanup[0].what.starts_with("slow: "));
  CHECK(bench.elapsed() <= at::Session::kCleanUpLimit);
}

TEST_CASE("the clean-up lists what it did not send, also where a refusal is no failure") {
  Bench bench;
  bench.module.on("AT+A\r\n", kOk).on("AT+B\r\n", kError).on("AT+C\r\n").on("AT\r\n");
  const Outcome outcome = bench.run(
      "", step("a", R"("send": "AT+A")"),
      go_on("b", R"("send": "AT+B")") + "," + go_on("c", R"("send": "AT+C")") + "," + go_on("d", R"("send": "AT+D")"));
  REQUIRE(outcome.cleanup.size() == 2);
  CHECK(outcome.cleanup[0].kind == ErrorKind::no_module);
  CHECK(outcome.cleanup[1].code == "not_put_back");
  CHECK(outcome.cleanup[1].what == "d: not sent");
  CHECK(outcome.result.error().kind == ErrorKind::no_module);
}

TEST_CASE("the clean-up stops when the port is gone") {
  Bench bench;
  bench.module.on("AT\r\n");
  bench.module.on_write = [&] { bench.module.unplug(); };
  const Outcome outcome = bench.run("", step("a", R"("send": "AT")"),
                                    step("b", R"("send": "AT+B")") + "," + step("c", R"("send": "AT+C")"));
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().kind == ErrorKind::no_module);
  CHECK(outcome.result.error().code == "port_gone");
  CHECK(bench.events.names() == "!a !b");
}

TEST_CASE("a failure can be looked at before the clean-up, and whether a row of the table told it is said") {
  for (const bool told : {true, false}) {
    Bench bench;
    bench.module.on("AT+X\r\n", told ? kError : "\r\nERR CODE:0x01090000\r\n\r\nERROR\r\n").on("AT+LOOK\r\n", kOk);
    bench.module.on("AT+BACK\r\n", kOk);
    std::vector<std::string> seen;
    RunOptions options;
    options.on_failure = [&](const Failed& failed) {
      seen.push_back(failed.step.name + ": " + failed.error.code);
      CHECK(failed.told == told);
      CHECK(bench.session.execute({at::CommandLine("AT+LOOK"), Milliseconds(100)}).ok());
    };
    const Outcome outcome = bench.run("", step("fail", R"("send": "AT+X")") + "," + go_on("never", R"("send": "AT+Y")"),
                                      go_on("back", R"("send": "AT+BACK")"), {}, options);
    CHECK_FALSE(outcome.result.ok());
    CHECK(seen == std::vector<std::string>{told ? "fail: refused" : "fail: plain"});
  }
}

TEST_CASE("nobody is called when all went well, for a step whose failure is tolerated, or after a stop request") {
  Bench bench;
  bench.module.on("AT+X\r\n", kError);
  RunOptions options;
  options.on_failure = [](const Failed&) { FAIL("called"); };
  CHECK(bench.run("", go_on("tolerated", R"("send": "AT+X")"), "", {}, options).result.ok());
  bench.stop.request_stop();
  CHECK_FALSE(bench.run("", step("stopped", R"("send": "AT+Z")"), "", {}, options).result.ok());
}

TEST_CASE("a row that gives a code needs no words of its own") {
  Bench bench;
  bench.module.on("AT+X\r\n", kError);
  const Outcome outcome =
      bench.run("", R"({"name": "x", "send": "AT+X", "failure": {"kind": "cloud", "code": "plain", "remedy": "r",
        "causes": [{"no_error_code": true, "code": "policy_connect"}]}})");
  CHECK(outcome.result.error().code == "policy_connect");
  CHECK(outcome.result.error().cause.empty());
}

}  // namespace atcert::script
