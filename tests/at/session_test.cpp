// SPDX-License-Identifier: Apache-2.0
#include "at/session.hpp"

#include <doctest/doctest.h>

#include "at/error_code.hpp"
#include "support/scripted_transport.hpp"

namespace atcert::at {
namespace {

// A session with a scripted module that is known to be idle: it has answered an AT.
struct Bench {
  Bench() {
    module.on("AT\r\n", "AT\r\n\r\nOK\r\n");
    REQUIRE(session.execute({CommandLine("AT")}));
  }

  Result<Reply> run(std::string_view line, Milliseconds timeout = Milliseconds(1000)) {
    return session.execute({CommandLine(line), timeout});
  }

  std::string log_text() const {
    std::string text;
    for (const auto& entry : log.entries()) {
      text += (entry.direction == DialogueEntry::Direction::sent ? "> " : "< ") + entry.text + "\n";
    }
    return text;
  }

  test::VirtualClock clock;
  test::ScriptedTransport module{clock};
  RecentDialogue log{100};
  std::stop_source stop;
  Session session{module, clock, &log, stop.get_token()};
};

using Strings = std::vector<std::string>;

Strings lines_of(const Reply& reply) {
  Strings lines;
  for (const OutsideText& line : reply.lines) lines.emplace_back(line.raw());
  return lines;
}

}  // namespace

TEST_CASE("a reply holds the lines between command and result, without the echo") {
  Bench bench;
  bench.module.on("AT+CIPSNTPTIME?\r\n", "AT+CIPSNTPTIME?\r\n+CIPSNTPTIME:Wed Jan 19 20:13:10 2022\r\nOK\r\n",
                  Milliseconds(30));
  const auto reply = bench.run("AT+CIPSNTPTIME?");
  REQUIRE(reply);
  CHECK(reply->ok);
  CHECK(reply->echoed);
  CHECK(lines_of(*reply) == Strings{"+CIPSNTPTIME:Wed Jan 19 20:13:10 2022"});
  CHECK(reply->duration == Milliseconds(30));
}

TEST_CASE("ERROR is an answer with its codes in order") {
  Bench bench;
  bench.module.on("AT+X\r\n", "AT+X\r\nERR CODE:0x01080002\r\nERR CODE:0x010a6044\r\n\r\nERROR\r\n");
  const auto reply = bench.run("AT+X");
  REQUIRE(reply);
  CHECK_FALSE(reply->ok);
  CHECK(reply->error_codes == std::vector<std::uint32_t>{0x01080002, 0x010a6044});
  CHECK(reply->words() == "ERR CODE:0x01080002, ERR CODE:0x010a6044, ERROR");
}

TEST_CASE("what came before a command is not its reply") {
  Bench bench;
  bench.module.deliver("\r\nOK\r\nWIFI DISC");
  bench.module.deliver("ONNECT\r\n", Milliseconds(10));
  bench.module.on("AT+X\r\n", "\r\nERROR\r\n");
  const auto reply = bench.run("AT+X");
  REQUIRE(reply);
  CHECK_FALSE(reply->ok);
  CHECK(bench.log_text().find("< WIFI DISCONNECT\n") != std::string::npos);
}

TEST_CASE("listeners hear unsolicited lines in the middle of a reply and between commands") {
  Bench bench;
  Strings heard;
  auto listening = bench.session.listen([&](const Event& event) {
    if (const auto* line = std::get_if<Line>(&event)) heard.emplace_back(line->text.raw());
    if (const auto* counted = std::get_if<Counted>(&event)) heard.emplace_back(counted->value.reveal_text());
  });
  bench.module.on("AT+MQTTPUB\r\n", "+MQTTSUBRECV:0,\"t\",6,\r\nOK\r\n\r\n\r\nOK\r\n");
  const auto reply = bench.run("AT+MQTTPUB");
  REQUIRE(reply);
  CHECK(reply->counted.empty());
  CHECK(heard == Strings{"\r\nOK\r\n", "OK"});

  bench.module.deliver("+MQTTDISCONNECTED:0\r\n", Milliseconds(500));
  const SteadyTime begin = bench.clock.now();
  const auto seen = bench.session.wait(bench.clock.now() + Milliseconds(1000), [&] { return heard.size() == 3; });
  REQUIRE(seen);
  CHECK(*seen);
  CHECK(bench.clock.now() - begin == Milliseconds(500));
  listening.reset();
  bench.module.deliver("WIFI DISCONNECT\r\n");
  const auto nothing = bench.session.wait(bench.clock.now() + Milliseconds(1000), [&] { return heard.size() == 4; });
  REQUIRE(nothing);
  CHECK_FALSE(*nothing);
}

TEST_CASE("data is sent after the prompt in pieces that the module's buffer holds") {
  const std::string data(2500, 'd');
  for (const char* prompt : {">", "\r\nOK\r\n\r\n>", "\r\nOK\r\n+MQTTSUBRECV:0,\"t\",1,x\r\n\r\n>"}) {
    Bench bench;
    bench.module.on("AT+SYSMFG=2\r\n", prompt, Milliseconds(5)).on(data, "\r\nOK\r\n", Milliseconds(900));
    bench.module.write_sizes.clear();
    const auto reply = bench.session.execute({CommandLine("AT+SYSMFG=2"), Milliseconds(1000), as_bytes(data)});
    REQUIRE(reply);
    CHECK(reply->ok);
    CHECK(bench.module.write_sizes == std::vector<std::size_t>{13, 1024, 1024, 452});
    CHECK(bench.log_text().find("> <2500 bytes>") != std::string::npos);
  }
}

TEST_CASE("a refusal before the prompt ends the command and no data is sent") {
  Bench bench;
  bench.module.on("AT+SYSFLASH=1\r\n", "ERR CODE:0x010a0000\r\n\r\nERROR\r\n");
  const auto reply = bench.session.execute({CommandLine("AT+SYSFLASH=1"), Milliseconds(1000), as_bytes("data")});
  REQUIRE(reply);
  CHECK_FALSE(reply->ok);
}

TEST_CASE("an accepted command that never prompts is an error of its own, and may wait for its data") {
  Bench bench;
  bench.module.on("AT+SYSMFG=2\r\n", "\r\nOK\r\n");
  std::string filler;
  while (filler.size() < 256) filler += "\r\n";
  bench.module.on(filler, "\r\nERROR\r\n").on("AT\r\n", "\r\nOK\r\n");
  const auto reply = bench.session.execute({CommandLine("AT+SYSMFG=2"), Milliseconds(1000), as_bytes("data")});
  REQUIRE_FALSE(reply);
  CHECK(reply.error().kind == ErrorKind::module);
  CHECK(reply.error().code == "no_prompt");
}

TEST_CASE("a data phase that lost a byte is filled up, so that the module is there for the next command") {
  Bench bench;
  bench.module.on("AT+SYSMFG=2\r\n", "\r\nOK\r\n\r\n>").on("data");
  std::string filler;
  while (filler.size() < 256) filler += "\r\n";
  bench.module.on(filler, "\r\nOK\r\n\r\nERROR\r\n").on("AT\r\n", "\r\nOK\r\n").on("AT+GMR\r\n", "\r\nOK\r\n");
  const auto reply = bench.session.execute({CommandLine("AT+SYSMFG=2"), Milliseconds(1000), as_bytes("data")});
  REQUIRE_FALSE(reply);
  CHECK(reply.error().kind == ErrorKind::module);
  CHECK(reply.error().code == "data_stuck");
  CHECK(bench.log_text().find("> <256 bytes of filler>\n") != std::string::npos);
  CHECK(bench.run("AT+GMR"));
}

TEST_CASE("MQTTPUBRAW ends with its own line") {
  for (const bool ok : {true, false}) {
    Bench bench;
    bench.module.on("AT+MQTTPUBRAW\r\n", "\r\nOK\r\n\r\n>")
        .on("hello", ok ? "+MQTTPUB:OK\r\n" : "+MQTTPUB:FAIL\r\n", Milliseconds(200));
    const auto reply = bench.session.execute(
        {CommandLine("AT+MQTTPUBRAW"), Milliseconds(1000), as_bytes("hello"), Command::Ending::publish});
    REQUIRE(reply);
    CHECK(reply->ok == ok);
  }
}

TEST_CASE("a publish that gets no answer is no stuck data phase") {
  Bench bench;
  std::string filler;
  while (filler.size() < 256) filler += "\r\n";
  bench.module.on("AT+MQTTPUBRAW\r\n", "\r\nOK\r\n\r\n>").on("hello").on(filler, "\r\nERROR\r\n");
  bench.module.on("AT\r\n", "\r\nOK\r\n");
  const auto reply = bench.session.execute(
      {CommandLine("AT+MQTTPUBRAW"), Milliseconds(1000), as_bytes("hello"), Command::Ending::publish});
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code == "no_result");
}

TEST_CASE("a stop request ends a wait at once, but never a data phase") {
  Bench bench;
  bench.module.on("AT+SYSMFG=2\r\n", "\r\nOK\r\n\r\n>", Milliseconds(500)).on("data", "\r\nOK\r\n", Milliseconds(500));
  bench.module.on_write = [&] { bench.stop.request_stop(); };
  const auto reply = bench.session.execute({CommandLine("AT+SYSMFG=2"), Milliseconds(1000), as_bytes("data")});
  REQUIRE(reply);
  CHECK(reply->ok);
  const auto next = bench.run("AT+GMR");
  REQUIRE_FALSE(next);
  CHECK(next.error().kind == ErrorKind::interrupted);
}

TEST_CASE("a stop request is seen within 50 ms, and the next command waits for the interrupted one's end") {
  Bench bench;
  bench.module.on("AT+CWJAP\r\n", "AT+CWJAP\r\n").then("+CWJAP:3\r\n\r\nERROR\r\n", Milliseconds(15000));
  bench.module.on_write = [&] { bench.stop.request_stop(); };
  const SteadyTime begin = bench.clock.now();
  const auto reply = bench.run("AT+CWJAP", Milliseconds(20000));
  REQUIRE_FALSE(reply);
  CHECK(reply.error().kind == ErrorKind::interrupted);
  CHECK(bench.clock.now() - begin <= Milliseconds(50));

  bench.module.on_write = nullptr;
  const Session::Uninterrupted clean_up(bench.session);
  bench.module.on("AT+MQTTCLEAN=0\r\n", "\r\nOK\r\n");
  const auto clean = bench.run("AT+MQTTCLEAN=0");
  REQUIRE(clean);
  CHECK(clean->ok);
  CHECK(clean->lines.empty());
  CHECK(bench.clock.now() - begin >= Milliseconds(15000));
  CHECK(bench.clock.now() - begin < Milliseconds(15500));
}

TEST_CASE("in a hurry an interrupted command is waited for ten seconds, and nothing is sent into it") {
  Bench bench;
  bench.module.on("AT+CWJAP\r\n", "AT+CWJAP\r\n").then("+CWJAP:3\r\n\r\nERROR\r\n", Milliseconds(15000));
  bench.module.on_write = [&] { bench.stop.request_stop(); };
  REQUIRE_FALSE(bench.run("AT+CWJAP", Milliseconds(20000)));
  bench.module.on_write = nullptr;
  const SteadyTime begin = bench.clock.now();
  CHECK(bench.session.hurry() == "AT+CWJAP");
  const Session::Uninterrupted clean_up(bench.session);
  bench.module.on("AT\r\n", "busy p...\r\n");
  const auto tried = bench.run("AT+MQTTCLEAN=0");
  REQUIRE_FALSE(tried);
  CHECK(tried.error().code == "busy");
  CHECK(tried.error().what == "the module still runs AT+CWJAP; AT+MQTTCLEAN=0 was not sent");
  const auto late = bench.run("AT+CWQAP");
  REQUIRE_FALSE(late);
  CHECK(late.error().code == "no_time");
  CHECK(late.error().what == "there was no time left for AT+CWQAP");
  CHECK(bench.clock.now() - begin == Session::kCleanUpLimit);
}

TEST_CASE("in a hurry a command without a result ends with the time that is left, but not its data phase") {
  Bench bench;
  bench.module.on("AT+SYSMFG=2\r\n", "\r\nOK\r\n\r\n>").on("data", "\r\nOK\r\n", Milliseconds(11'000));
  bench.session.hurry();
  CHECK(bench.session.execute({CommandLine("AT+SYSMFG=2"), Milliseconds(12'000), as_bytes("data")}).ok());
  Bench silent;
  silent.module.on("AT+GMR\r\n");  // and no AT after it: there is no time left for one
  silent.session.hurry();
  const SteadyTime begin = silent.clock.now();
  CHECK_FALSE(silent.run("AT+GMR", Milliseconds(20'000)).ok());
  CHECK(silent.clock.now() - begin == Session::kCleanUpLimit);
}

TEST_CASE("a stop request that has to wait is told once, and at once") {
  Bench bench;
  int told = 0;
  {
    const Session::Uninterrupted whole(bench.session, [&] { ++told; });
    const Session::Uninterrupted part(bench.session);
    bench.module.on("AT\r\n", "\r\nOK\r\n");
    CHECK(bench.run("AT").ok());
    CHECK(told == 0);
    bench.stop.request_stop();
    for (int i = 0; i < 2; ++i) {
      bench.module.on("AT\r\n", "\r\nOK\r\n");
      CHECK(bench.run("AT").ok());
      CHECK(told == 1);
    }
  }
  CHECK_FALSE(bench.session.check_stop().ok());
}

TEST_CASE("a module that restarts in an interrupted command is not waited for") {
  Bench bench;
  bench.module.on("AT+CWJAP\r\n", "AT+CWJAP\r\n").then("\r\nready\r\n", Milliseconds(2000));
  bench.module.on_write = [&] { bench.stop.request_stop(); };
  const SteadyTime begin = bench.clock.now();
  REQUIRE_FALSE(bench.run("AT+CWJAP", Milliseconds(20000)));
  bench.module.on_write = nullptr;
  const Session::Uninterrupted clean_up(bench.session);
  bench.module.on("AT+MQTTCLEAN=0\r\n", "\r\nOK\r\n");
  CHECK(bench.run("AT+MQTTCLEAN=0"));
  CHECK(bench.clock.now() - begin < Milliseconds(2500));
}

TEST_CASE("a result of an interrupted command that a wait has read is not waited for again") {
  Bench bench;
  bench.module.on("AT+CIPSNTPTIME?\r\n", "AT+CIPSNTPTIME?\r\n").then("OK\r\n", Milliseconds(100));
  bench.module.on_write = [&] { bench.stop.request_stop(); };
  REQUIRE_FALSE(bench.run("AT+CIPSNTPTIME?", Milliseconds(5000)));

  bench.module.on_write = nullptr;
  const Session::Uninterrupted clean_up(bench.session);
  REQUIRE(bench.session.wait(bench.clock.now() + Milliseconds(200), [] { return false; }));
  bench.module.on("AT+CWQAP\r\n", "\r\nOK\r\n");
  const SteadyTime begin = bench.clock.now();
  REQUIRE(bench.run("AT+CWQAP"));
  CHECK(bench.clock.now() - begin < Milliseconds(1000));
}

TEST_CASE("busy inside the reply of an idle module's only command is not its result") {
  Bench bench;
  bench.module.on("AT+CWSTATE?\r\n",
                  "AT+CWSTATE?\r\nERR CODE:0x010b0000\r\n\r\nbusy p...\r\n+CWSTATE:2,\"\"\r\n\r\nOK\r\n");
  const auto reply = bench.run("AT+CWSTATE?");
  REQUIRE(reply);
  CHECK(reply->ok);
  CHECK(reply->error_codes.empty());
  CHECK(lines_of(*reply) == Strings{"+CWSTATE:2,\"\""});
}

TEST_CASE("a restart in the middle of a command is the module's fault") {
  Bench bench;
  bench.module.on("AT+MQTTCONN\r\n", "AT+MQTTCONN\r\n\r\nready\r\n", Milliseconds(700));
  const auto reply = bench.run("AT+MQTTCONN");
  REQUIRE_FALSE(reply);
  CHECK(reply.error().kind == ErrorKind::module);
  CHECK(reply.error().code == "restarted");
  CHECK(reply.error().what.find("AT+MQTTCONN") != std::string::npos);
}

TEST_CASE("a payload that stops in the middle says how much is missing") {
  Bench bench;
  bench.module.on("AT+SYSFLASH=2\r\n", "+SYSFLASH:10,abcd");
  const auto reply = bench.run("AT+SYSFLASH=2");
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code == "short_reply");
  CHECK(reply.error().what.find("6 bytes") != std::string::npos);
  bench.module.on("AT\r\n", "\r\nOK\r\n").on("AT+SYSFLASH=2\r\n", "+SYSFLASH:5,abcd");
  const auto last = bench.run("AT+SYSFLASH=2");
  REQUIRE_FALSE(last);
  CHECK(last.error().code == "short_reply");
  CHECK(last.error().what.find("1 byte ") != std::string::npos);
}

TEST_CASE("a payload that stopped in the middle swallows nothing of the next reply") {
  Bench bench;
  bench.module.on("AT+SYSFLASH=2\r\n", "+SYSFLASH:100,abcd");
  bench.module.on("AT\r\n", "\r\nOK\r\n").on("AT+X\r\n", "\r\nERROR\r\n");
  REQUIRE_FALSE(bench.run("AT+SYSFLASH=2"));
  const auto next = bench.run("AT+X");
  REQUIRE(next);
  CHECK_FALSE(next->ok);
}

TEST_CASE("a transport that goes away ends every call") {
  Bench bench;
  bench.module.unplug();
  const auto reply = bench.run("AT");
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code == "port_gone");
  CHECK_FALSE(bench.session.wait(bench.clock.now(), [] { return false; }));
  CHECK_FALSE(bench.session.synchronise());
}

TEST_CASE("the log shows no secret: not sent, not echoed, not in a damaged echo") {
  Bench bench;
  const Secret password(std::string_view("pass,word"));
  CommandLine line("AT+CWJAP=\"net\",");
  line.quoted(password);
  bench.module.on("AT+CWJAP=\"net\",\"pass\\,word\"\r\n",
                  "AT+CWJAP=\"net\",\"pass\\,word\"\r\nT+CWJAP=\"n\",\"pass\\,word\"x\r\npass,word\r\n\r\nOK\r\n");
  REQUIRE(bench.session.execute({std::move(line)}));
  const std::string text = bench.log_text();
  CHECK(text.find("> AT+CWJAP=\"net\",\"***\"\n< AT+CWJAP=\"net\",\"***\"\n") != std::string::npos);
  CHECK(text.find("< T+CWJAP=\"n\",\"***\"x\n< ***\n") != std::string::npos);
  CHECK(text.find("word") == std::string::npos);
}

TEST_CASE("the log hides values that are read back and each line of a private key") {
  Bench bench;
  bench.session.hide(Secret(std::string_view("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANB\r\nkqhkiG9w0BAQE\n")));
  bench.module.on("AT+SYSFLASH=2\r\n", "+SYSFLASH:5,MIIEv\r\nOK\r\n");
  bench.module.deliver("kqhkiG9w0BAQE\r\n");
  REQUIRE(bench.run("AT+SYSFLASH=2"));
  const std::string text = bench.log_text();
  CHECK(text.find("< +SYSFLASH:5,<5 bytes>\n") != std::string::npos);
  CHECK(text.find("kqhk") == std::string::npos);
}

TEST_CASE(
    "a secret that comes back in a reply is in no message: not in its words, a refusal or an error of the session") {
  Bench bench;
  const std::string password = "correct horse";
  const std::string key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
  bench.session.hide(Secret(std::string_view(password)));
  bench.session.hide(Secret("-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n"));
  bench.module.on("AT+A\r\n",
                  "IIEvQIBADANBgkqhkiGbusy p...\r\nT+A=\"correct\\ horse\"\r\n" + key.substr(20) + "\r\nERROR\r\n");
  const auto reply = bench.run("AT+A");
  REQUIRE(reply);
  CHECK(reply->words() == "***busy p..., T+A=\"***\", ***, ERROR");
  CHECK(refusal("AT+A", *reply).what == "the module refused AT+A: ***busy p..., T+A=\"***\", ***, ERROR");

  bench.module.on("AT+B\r\n", key + "\r\n").on("AT\r\n", "\r\nOK\r\n");
  const auto none = bench.run("AT+B");
  REQUIRE_FALSE(none);
  CHECK(none.error().what.find("the last line was: ***") != std::string::npos);
}

TEST_CASE("a message that somebody publishes is shown without the job's secrets and without control characters") {
  Bench bench;
  bench.session.hide(Secret(std::string_view("correct horse")));
  bench.module.deliver("+MQTTSUBRECV:0,\"t\",22,<correct horse>\x1b[31m\r\n\r\n");
  REQUIRE(bench.session.wait(bench.clock.now() + Milliseconds(10), [] { return false; }));
  CHECK(bench.log.entries().back().text == "+MQTTSUBRECV:0,\"t\",22,<***>\\x1b[31m\\r\\n");
}

TEST_CASE("a log of the recent dialogue keeps as many entries as it is to hold, the last ones") {
  RecentDialogue recent(2);
  for (const char* text : {"a", "b", "c"}) recent.add({{}, DialogueEntry::Direction::sent, text});
  REQUIRE(recent.entries().size() == 2);
  CHECK(recent.entries().front().text == "b");
  CHECK(recent.entries().back().text == "c");
}

TEST_CASE("bytes that are no text are shown as such") {
  Bench bench;
  bench.module.deliver("\x1b[0;32mI \xff\xc3\xa9\r\n");
  REQUIRE(bench.session.wait(bench.clock.now() + Milliseconds(10), [] { return false; }));
  CHECK(bench.log.entries().back().text == "\\x1b[0;32mI \\xff\xc3\xa9");
}

TEST_CASE("a line too long for the firmware is not sent") {
  Bench bench;
  const auto reply = bench.run(std::string(300, 'A'));
  REQUIRE_FALSE(reply);
  CHECK(reply.error().kind == ErrorKind::input);
}

}  // namespace atcert::at
