// SPDX-License-Identifier: Apache-2.0
// Whose result is it: commands that give none in time, those that come after them, and "busy p...".
#include <doctest/doctest.h>

#include "at/session.hpp"
#include "support/scripted_transport.hpp"

namespace atcert::at {
namespace {

constexpr const char* kOk = "\r\nOK\r\n";
constexpr const char* kError = "\r\nERROR\r\n";
constexpr const char* kBusy = "\r\nbusy p...\r\n";

// A session with a scripted module without echo that is known to be idle.
struct Bench {
  Bench() {
    module.on("AT\r\n", kOk);
    REQUIRE(session.execute({CommandLine("AT")}));
    begin = clock.now();
  }

  Result<Reply> run(std::string_view line, Milliseconds timeout = Milliseconds(1000)) {
    return session.execute({CommandLine(line), timeout});
  }
  Milliseconds elapsed() const { return std::chrono::duration_cast<Milliseconds>(clock.now() - begin); }

  test::VirtualClock clock;
  test::ScriptedTransport module{clock};
  std::stop_source stop;
  Session session{module, clock, nullptr, stop.get_token()};
  SteadyTime begin;
};

std::vector<std::string> lines_of(const Reply& reply) {
  std::vector<std::string> lines;
  for (const OutsideText& line : reply.lines) lines.emplace_back(line.raw());
  return lines;
}

// What an observer of one command was told.
struct Notes : Observer {
  void begin() override { seen.clear(); }
  void see(const Event& event) override {
    if (const auto* line = std::get_if<Line>(&event)) seen.emplace_back(line->text.raw());
  }
  void wait() override { ++waits; }

  std::vector<std::string> seen;
  int waits = 0;
};

}  // namespace

TEST_CASE("the result of a command that gave no byte in time is not the next command's") {
  Bench bench;
  bench.module.on("AT+MQTTCONN\r\n").then(kOk, Milliseconds(48'000));
  bench.module.on("AT\r\n", kBusy);
  const auto connected = bench.run("AT+MQTTCONN", Milliseconds(45'000));
  REQUIRE_FALSE(connected);
  CHECK(connected.error().code == "no_result");
  bench.module.on("AT+MQTTCLEAN=0\r\n", kError);
  const auto cleaned = bench.run("AT+MQTTCLEAN=0", Milliseconds(10'000));
  REQUIRE(cleaned);
  CHECK_FALSE(cleaned->ok);
  CHECK(bench.elapsed() < Milliseconds(48'500));
}

TEST_CASE("nothing is sent into a running command, and the wait for its end has one deadline") {
  Bench bench;
  bench.module.on("AT+MQTTCONN\r\n");
  for (int asked = 0; asked < 5; ++asked) bench.module.on("AT\r\n", kBusy);
  REQUIRE_FALSE(bench.run("AT+MQTTCONN", Milliseconds(45'000)));
  const SteadyTime begin = bench.clock.now();
  const auto cleaned = bench.session.execute({CommandLine("AT+MQTTCLEAN=0"), Milliseconds(10'000)},
                                             bench.clock.now() + Milliseconds(12'000));
  REQUIRE_FALSE(cleaned);
  CHECK(cleaned.error().code == "busy");
  CHECK(cleaned.error().what == "the module still runs AT+MQTTCONN; AT+MQTTCLEAN=0 was not sent");
  CHECK(bench.clock.now() - begin == Milliseconds(12'000));

  bench.module.on("AT\r\n", kBusy);
  CHECK(bench.run("AT+CWQAP", Milliseconds(5'000)).error().code == "busy");
  CHECK(bench.clock.now() - begin < Milliseconds(12'500));  // it is not waited for twice
  bench.module.on("AT\r\n", kOk).on("AT+CWQAP\r\n", kOk);
  CHECK(bench.run("AT+CWQAP").ok());
}

TEST_CASE("a late result that crosses the question whether the module is there is nobody else's") {
  Bench bench;
  bench.module.on("AT+X\r\n").on("AT\r\n", std::string(kError) + kOk);
  const auto late = bench.run("AT+X");
  REQUIRE_FALSE(late);
  CHECK(late.error().code == "no_result");
  bench.module.on("AT+Y\r\n", kError);
  const auto next = bench.run("AT+Y");
  REQUIRE(next);
  CHECK_FALSE(next->ok);
}

TEST_CASE("a question that the firmware kept and answers later is not taken for the next command's answer") {
  Bench bench;
  bench.module.on("AT+X\r\n").then(kError, Milliseconds(3'000)).on("AT\r\n", kBusy).then(kOk, Milliseconds(2'050));
  REQUIRE_FALSE(bench.run("AT+X"));
  bench.module.on("AT+Y\r\n", kError, Milliseconds(10));
  const auto next = bench.run("AT+Y");
  REQUIRE(next);
  CHECK_FALSE(next->ok);
}

TEST_CASE("a module that gives no result is asked once whether it is there") {
  Bench silent;
  silent.module.on("AT+A\r\n").on("AT\r\n");
  const auto none = silent.run("AT+A");
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::no_module);
  CHECK(none.error().code == "no_answer");
  CHECK(none.error().what == "the module on scripted has fallen silent at AT+A: it does not answer AT");
  CHECK(silent.elapsed() == Milliseconds(2000));
  Bench echo;
  echo.module.on("AT+A\r\n", "AT+A\r\n").on("AT\r\n", "AT\r\n");
  CHECK(echo.run("AT+A").error().kind == ErrorKind::no_module);
  Bench there;
  there.module.on("AT+A\r\n").on("AT\r\n", kOk);
  const auto lost = there.run("AT+A");
  REQUIRE_FALSE(lost);
  CHECK(lost.error().kind == ErrorKind::module);
  CHECK(lost.error().code == "no_result");
}

TEST_CASE("a module that has fallen silent is asked again before the next command, which is not sent") {
  Bench bench;
  bench.module.on("AT+A\r\n").on("AT\r\n").on("AT\r\n");
  REQUIRE_FALSE(bench.run("AT+A"));
  const auto next = bench.run("AT+B", Milliseconds(10'000));
  REQUIRE_FALSE(next);
  CHECK(next.error().code == "no_answer");
  CHECK(bench.elapsed() == Milliseconds(3000));
  bench.module.on("AT\r\n", kOk).on("AT+C\r\n", kOk);
  CHECK(bench.run("AT+C").ok());
}

TEST_CASE("whether the module is there is told by any answer to AT") {
  for (const char* answer : {kOk, kError, kBusy}) {
    Bench bench;
    bench.module.on("AT\r\n", answer);
    CHECK(bench.session.check_there().ok());
  }
  Bench restarted;
  restarted.module.on("AT\r\n", "\r\nready\r\n");
  CHECK(restarted.session.check_there().error().code == "restarted");
  Bench silent;
  silent.module.on("AT+X\r\n", kOk).on("AT\r\n");
  REQUIRE(silent.run("AT+X"));
  const auto gone = silent.session.check_there();
  REQUIRE_FALSE(gone);
  CHECK(gone.error().kind == ErrorKind::no_module);
  CHECK(gone.error().what == "the module on scripted has fallen silent at AT+X: it does not answer AT");
}

TEST_CASE("a line that was answered busy and dropped is sent again once the module is quiet") {
  Bench bench;
  bench.module.on("AT+CWMODE=1\r\n", kBusy).on("AT\r\n", kOk).on("AT+CWMODE=1\r\n", kOk);
  const auto reply = bench.run("AT+CWMODE=1");
  REQUIRE(reply);
  CHECK(reply->ok);
  CHECK(bench.elapsed() >= Milliseconds(1000));
  CHECK(bench.elapsed() <= Milliseconds(2000));
}

TEST_CASE("a line that did not arrive as one is sent again at once, and not for ever") {
  constexpr const char* kDamaged = "ERR CODE:0x01030000\r\n\r\nERROR\r\n";
  Bench once;
  once.module.on("AT+X\r\n", kDamaged).on("AT+X\r\n", kOk);
  const auto reply = once.run("AT+X");
  REQUIRE(reply);
  CHECK(reply->ok);
  CHECK(once.elapsed() < Milliseconds(100));
  Bench always;
  for (int i = 0; i < 3; ++i) always.module.on("AT+X\r\n", kDamaged);
  const auto refused = always.run("AT+X");
  REQUIRE(refused);
  CHECK_FALSE(refused->ok);
}

TEST_CASE("a reply that is still coming in is not cut off at its deadline, and an endless one is") {
  Bench slow;
  slow.module.on("AT+GMR\r\n", "AT version:");
  for (int i = 1; i <= 30; ++i) slow.module.then("x", Milliseconds(100 * i));
  slow.module.then("\r\n\r\nOK\r\n", Milliseconds(3100));
  const auto reply = slow.run("AT+GMR", Milliseconds(2000));
  REQUIRE(reply);
  CHECK(reply->ok);
  Bench endless;
  endless.module.on("AT+GMR\r\n");
  for (int i = 1; i <= 400; ++i) endless.module.then("x\r\n", Milliseconds(100 * i));
  CHECK_FALSE(endless.run("AT+GMR", Milliseconds(2000)).ok());
  CHECK(endless.elapsed() < Milliseconds(22'500));
}

TEST_CASE("data goes out after the prompt of a line that was sent again") {
  Bench bench;
  bench.module.on("AT+SYSMFG=2\r\n", kBusy).on("AT\r\n", kOk);
  bench.module.on("AT+SYSMFG=2\r\n", "\r\nOK\r\n\r\n>").on("data", kOk);
  const auto reply = bench.session.execute({CommandLine("AT+SYSMFG=2"), Milliseconds(1000), as_bytes("data")});
  REQUIRE(reply);
  CHECK(reply->ok);
}

TEST_CASE("a line that must not go out twice is not, and one that is always dropped not for ever") {
  Bench once;
  once.module.on("AT+UART_CUR\r\n", kBusy).on("AT\r\n", kOk);
  Command command{CommandLine("AT+UART_CUR"), Milliseconds(1000)};
  command.resend = false;
  const auto dropped = once.session.execute(command);
  REQUIRE_FALSE(dropped);
  CHECK(dropped.error().code == "busy");
  Bench always;
  for (int i = 0; i < 3; ++i) always.module.on("AT+X\r\n", kBusy).on("AT\r\n", kOk);
  const auto never = always.run("AT+X");
  REQUIRE_FALSE(never);
  CHECK(never.error().code == "busy");
  CHECK(always.elapsed() < Milliseconds(7000));
}

TEST_CASE("a busy line that the module executes all the same is not sent again") {
  Bench quick;
  quick.module.on("AT+X\r\n", std::string(kBusy) + kOk);
  CHECK(quick.run("AT+X").ok());
  CHECK(quick.elapsed() < Milliseconds(400));
  Bench slow;
  slow.module.on("AT+X\r\n", kBusy).then(kError, Milliseconds(3'000)).on("AT\r\n", kBusy);
  const auto reply = slow.run("AT+X", Milliseconds(5'000));
  REQUIRE(reply);
  CHECK_FALSE(reply->ok);
}

TEST_CASE("a command that was busy and then executed gets its own reply (espressif/esp-at issue 993)") {
  Bench bench;
  bench.module.on("AT+CIPSNTPTIME?\r\n", kBusy)
      .then(kError, Milliseconds(3'000))
      .then("+CIPSNTPTIME:Thu Feb 19 13:59:10 2026\r\nOK\r\n", Milliseconds(3'050))
      .then(kOk, Milliseconds(3'060));
  bench.module.on("AT\r\n", kBusy);
  const auto reply = bench.run("AT+CIPSNTPTIME?");
  REQUIRE(reply);
  CHECK(reply->ok);
  CHECK(lines_of(*reply) == std::vector<std::string>{"+CIPSNTPTIME:Thu Feb 19 13:59:10 2026"});
}

TEST_CASE("at the start of a session one result after a busy may be a stranger's: the line is asked about") {
  test::VirtualClock clock;
  test::ScriptedTransport module(clock);
  Session session(module, clock, nullptr, {});
  module.on("AT+CWQAP\r\n", kBusy).then(kOk, Milliseconds(1'000));
  module.on("AT\r\n", kOk).on("AT+CWQAP\r\n", kError);
  const auto reply = session.execute({CommandLine("AT+CWQAP"), Milliseconds(1000)});
  REQUIRE(reply);
  CHECK_FALSE(reply->ok);
}

TEST_CASE("one result after a busy is the command's own if it is in its words") {
  for (const auto& [command, line] :
       {std::pair("AT+GMR", "AT version:3.3.0.0(3b13d04 - ESP32C3 - May  8 2024 08:21:45)"),
        {"AT+CIPSNTPTIME?", "+CIPSNTPTIME:Thu Feb 19 13:59:10 2026"},
        {"AT+CWJAP=\"net\",\"pass\"", "+CWJAP:1"}}) {
    test::VirtualClock clock;
    test::ScriptedTransport module(clock);
    Session session(module, clock, nullptr, {});
    module.on(std::string(command) + "\r\n", kBusy).then(std::string(line) + "\r\n" + kOk, Milliseconds(1'000));
    const auto reply = session.execute({CommandLine(command), Milliseconds(5'000)});
    REQUIRE(reply);
    CHECK(reply->ok);
    CHECK(reply->lines.size() == 1);
  }
}

TEST_CASE("a module that is busy for ever is left at the limit") {
  Bench bench;
  bench.module.on("AT+X\r\n");
  for (int i = 1; i < 100; ++i) bench.module.deliver("ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n", Milliseconds(500 * i));
  const auto reply = bench.run("AT+X");
  REQUIRE_FALSE(reply);
  CHECK(reply.error().kind == ErrorKind::module);
  CHECK(reply.error().code == "busy");
  CHECK(bench.elapsed() < Milliseconds(22'000));
}

TEST_CASE("an observer sees what follows the sending, and nothing of a command from before") {
  Bench bench;
  bench.module.on("AT+CWJAP\r\n").then("WIFI CONNECTED\r\n+CWJAP:3\r\n\r\nERROR\r\n", Milliseconds(5'000));
  bench.module.on_write = [&] { bench.stop.request_stop(); };
  REQUIRE_FALSE(bench.run("AT+CWJAP", Milliseconds(20'000)));
  bench.module.on_write = nullptr;
  bench.module.deliver("WIFI DISCONNECT\r\n");
  const Session::Uninterrupted clean_up(bench.session);
  bench.module.on("AT+CWQAP\r\n", "WIFI GOT IP\r\n\r\nOK\r\n");
  Notes notes;
  REQUIRE(bench.session.execute({CommandLine("AT+CWQAP"), Milliseconds(5'000)}, SteadyTime::max(), &notes));
  CHECK(notes.seen == std::vector<std::string>{"WIFI GOT IP", "OK"});
  CHECK(notes.waits == 5);  // the seconds of the join
}

TEST_CASE("an observer of a line that goes out again forgets what came before") {
  Bench bench;
  bench.module.on("AT+X\r\n", std::string("+OLD:1\r\n") + kBusy).on("AT\r\n", kOk).on("AT+X\r\n", kOk);
  Notes notes;
  REQUIRE(bench.session.execute({CommandLine("AT+X"), Milliseconds(5'000)}, SteadyTime::max(), &notes));
  CHECK(notes.seen == std::vector<std::string>{"OK"});
}

TEST_CASE("a module that restarts while it is asked is named as that, and nothing of before is outstanding") {
  Bench bench;
  bench.module.on("AT+X\r\n").on("AT\r\n", "\r\nready\r\n");
  const auto restarted = bench.run("AT+X");
  REQUIRE_FALSE(restarted);
  CHECK(restarted.error().code == "restarted");
  bench.module.on("AT+Y\r\n", kOk);
  CHECK(bench.run("AT+Y").ok());
}

TEST_CASE("a command that a banner overtook is answered by the module as it is now, and by nobody else's answer") {
  Bench bench;
  bench.module.on("AT+X\r\n", "\r\nready\r\n").then(kOk, Milliseconds(50));
  CHECK(bench.run("AT+X").error().code == "restarted");
  bench.module.on("AT+Y\r\n", kError);
  const auto next = bench.run("AT+Y");
  REQUIRE(next);
  CHECK_FALSE(next->ok);
}

}  // namespace atcert::at
