// SPDX-License-Identifier: Apache-2.0
// The AWS script against modules that answer as the transcripts of ESP-AT modules do.
#include <doctest/doctest.h>

#include "script/runner.hpp"
#include "script/scripts.hpp"
#include "script/templates.hpp"
#include "support/require.hpp"
#include "support/scripted_transport.hpp"

namespace atcert::script {
namespace {

constexpr const char* kOk = "\r\nOK\r\n";
constexpr const char* kError = "\r\nERROR\r\n";
constexpr const char* kMessage = R"({"atcert":"0123456789abcdef","from":"module"})";

// A module of release 3.3 whose dialogue is written down step by step.
struct Line {
  Line& on(const std::string& command, const std::string& answer = kOk) {
    module.on(command + "\r\n", answer, Milliseconds(5));
    return *this;
  }
  Line& until_mode() {
    return on("AT+MQTTCLEAN=0", kError)
        .on("AT+SYSSTORE?", "+SYSSTORE:1\r\n\r\nOK\r\n")
        .on("AT+SYSSTORE=0")
        .on("AT+CWMODE?", "+CWMODE:0\r\n\r\nOK\r\n")
        .on("AT+CWMODE=1");
  }
  Line& until_join() {
    return until_mode().on(R"(AT+CWJAP="ap","pass\,word",,,,,,15)", "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
  }
  Line& until_time() {
    return until_join()
        .on("AT+CIPSNTPCFG?", "+CIPSNTPCFG:1,8,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\"\r\nOK\r\n")
        .on(R"(AT+CIPSNTPCFG=1,0,"pool.ntp.org")")
        .on("AT+CIPSNTPTIME?", "+CIPSNTPTIME:Thu Jan  1 00:00:14 1970\r\nOK\r\n")
        .on("AT+CIPSNTPTIME?", "+TIME_UPDATED\r\n+CIPSNTPTIME:Tue Nov 14 23:13:23 2023\r\nOK\r\n");
  }
  Line& until_configured() {
    return until_time()
        .on(R"(AT+MQTTUSERCFG=0,5,"atcert-0123456789abcdef","","",0,0,"")")
        .on(R"(AT+MQTTSNI=0,"x-ats.iot.eu-central-1.amazonaws.com")")
        .on(R"(AT+MQTTCONNCFG=0,120,0,"","",0,0)");
  }
  Line& until_subscribed() {
    return until_configured()
        .on(kConnect, "+MQTTCONNECTED:0,5,\"x-ats.iot.eu-central-1.amazonaws.com\",\"8883\",\"\",0\r\n\r\nOK\r\n")
        .on(R"(AT+MQTTSUB=0,"atcert/0123456789abcdef",1)");
  }
  Line& then_close() { return on("AT+MQTTCLEAN=0"); }
  Line& then_time_back() { return on("AT+CIPSNTPCFG=1,8,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\""); }
  Line& then_leave() { return on("AT+CWQAP", "\r\nOK\r\nWIFI DISCONNECT\r\n").on("AT+CWMODE=0").on("AT+SYSSTORE=1"); }

  Outcome run() {
    Given given;
    given.named.emplace("endpoint", "x-ats.iot.eu-central-1.amazonaws.com");
    given.named.emplace("wifi_ssid", "ap");
    given.named.emplace("wifi_password", Secret(std::string_view("pass,word")));
    given.named.emplace("nonce", "0123456789abcdef");
    const Template found = test::require(find_template("aws-iot"));
    const Plan plan = test::require(prepare(parse_good(std::string(found.content)), std::move(given), new_module()));
    Events events;
    return atcert::script::run(plan, session, events);
  }

  static constexpr const char* kConnect = R"(AT+MQTTCONN=0,"x-ats.iot.eu-central-1.amazonaws.com",8883,0)";
  static constexpr const char* kPublish =
      R"(AT+MQTTPUB=0,"atcert/0123456789abcdef","{\"atcert\":\"0123456789abcdef\"\,\"from\":\"module\"}",1,0)";

  test::VirtualClock clock;
  test::ScriptedTransport module{clock};
  at::RecentDialogue log{500};
  at::Session session{module, clock, &log, {}};
};

std::string received(const std::string& payload) {
  return "+MQTTSUBRECV:0,\"atcert/0123456789abcdef\"," + std::to_string(payload.size()) + "," + payload + "\r\n";
}

}  // namespace

TEST_CASE("a module that reaches AWS is proven and left as it was found") {
  Line line;
  line.until_subscribed().on(Line::kPublish, received(kMessage) + kOk).then_close().then_time_back().then_leave();
  const Outcome outcome = line.run();
  CHECK_MESSAGE(outcome.result.ok(), outcome.result.error().what);
  CHECK(outcome.captures.at("module_time") == "Tue Nov 14 23:13:23 2023");
  for (const auto& entry : line.log.entries()) CHECK(entry.text.find("word") == std::string::npos);
}

TEST_CASE("after a join that failed only what was begun is put back") {
  Line line;
  line.until_mode();
  for (int attempt = 0; attempt < 2; ++attempt) {
    line.on(R"(AT+CWJAP="ap","pass\,word",,,,,,15)", "+CWJAP:2\r\n\r\nERROR\r\n");
  }
  line.then_leave();
  const Outcome outcome = line.run();
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().kind == ErrorKind::network);
  CHECK(outcome.result.error().code == "wifi_wrong_password");
  CHECK(outcome.cleanup.empty());
}

TEST_CASE("a first failure of join and of connect is not the last word") {
  Line line;
  line.until_mode()
      .on(R"(AT+CWJAP="ap","pass\,word",,,,,,15)", "+CWJAP:1\r\n\r\nERROR\r\n")
      .on(R"(AT+CWJAP="ap","pass\,word",,,,,,15)", "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n")
      .on("AT+CIPSNTPCFG?", "+CIPSNTPCFG:0\r\nOK\r\n")
      .on(R"(AT+CIPSNTPCFG=1,0,"pool.ntp.org")")
      .on("AT+CIPSNTPTIME?", "+CIPSNTPTIME:Tue Nov 14 23:13:23 2023\r\nOK\r\n")
      .on(R"(AT+MQTTUSERCFG=0,5,"atcert-0123456789abcdef","","",0,0,"")")
      .on(R"(AT+MQTTSNI=0,"x-ats.iot.eu-central-1.amazonaws.com")")
      .on(R"(AT+MQTTCONNCFG=0,120,0,"","",0,0)")
      .on(Line::kConnect, "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n")
      .on(Line::kConnect, "+MQTTCONNECTED:0,5,\"x-ats.iot.eu-central-1.amazonaws.com\",\"8883\",\"\",0\r\n\r\nOK\r\n")
      .on(R"(AT+MQTTSUB=0,"atcert/0123456789abcdef",1)")
      .on(Line::kPublish, received(kMessage) + kOk);
  line.then_close().on("AT+CIPSNTPCFG=0,0").then_leave();
  const Outcome outcome = line.run();
  CHECK_MESSAGE(outcome.result.ok(), outcome.result.error().what);
}

TEST_CASE("a clock that is never set is a matter of the network") {
  Line line;
  line.until_join().on("AT+CIPSNTPCFG?", "+CIPSNTPCFG:0\r\nOK\r\n").on(R"(AT+CIPSNTPCFG=1,0,"pool.ntp.org")");
  for (int second = 0; second < 20; ++second) {
    line.on("AT+CIPSNTPTIME?", "+CIPSNTPTIME:Thu Jan  1 00:00:14 1970\r\nOK\r\n");
  }
  line.on("AT+CIPSNTPCFG=0,0").then_leave();
  const Outcome outcome = line.run();
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().kind == ErrorKind::network);
  CHECK(outcome.result.error().code == "clock_wrong");
}

TEST_CASE("a refused connection is told apart from missing credentials") {
  const auto connect = [](const std::string& answer, int attempts) {
    Line line;
    line.until_configured();
    for (int attempt = 0; attempt < attempts; ++attempt) line.on(Line::kConnect, answer);
    line.then_close().then_time_back().then_leave();
    const Outcome outcome = line.run();
    REQUIRE_FALSE(outcome.result.ok());
    return outcome.result.error();
  };
  const Error refused = connect("+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n", 3);
  CHECK(refused.kind == ErrorKind::cloud);
  CHECK(refused.code == "connect_failed");
  const Error missing = connect("ERR CODE:0x010a6021\r\nERR CODE:0x010a600a\r\n\r\nERROR\r\n", 1);
  CHECK(missing.kind == ErrorKind::module);
  CHECK(missing.code == "ca_missing");
}

TEST_CASE("a report of another connection than the one asked for is none") {
  const auto connected = [](const std::string& report, bool before) {
    Line line;
    line.until_configured().on(Line::kConnect, before ? report + "\r\n" + kOk : kOk + report + "\r\n");
    line.then_close().then_time_back().then_leave();
    const Outcome outcome = line.run();
    REQUIRE_FALSE(outcome.result.ok());
    const Error& error = outcome.result.error();
    CHECK(error.kind == ErrorKind::module);
    CHECK(error.code == "connection_other");
    CHECK(error.what.find(report) != std::string::npos);
  };
  for (const bool before : {true, false}) {
    connected(R"(+MQTTCONNECTED:0,1,"x-ats.iot.eu-central-1.amazonaws.com","8883","",0)", before);
    connected(R"(+MQTTCONNECTED:0,4,"x-ats.iot.eu-central-1.amazonaws.com","8883","",0)", before);
    connected(R"(+MQTTCONNECTED:0,5,"other.example","8883","",0)", before);
    connected(R"(+MQTTCONNECTED:0,5,other.example,"8883","",0)", before);
    connected(R"(+MQTTCONNECTED:0,5,"x-ats.iot.eu-central-1.amazonaws.com.example","8883","",0)", before);
    connected(R"(+MQTTCONNECTED:0,5,"x-ats.iot.eu-central-1.amazonaws.com","1883","",0)", before);
    connected(R"(+MQTTCONNECTED:0,5,"x-ats.iot.eu-central-1.amazonaws.com","88830","",0)", before);
    connected(R"(+MQTTCONNECTED:1,5,"x-ats.iot.eu-central-1.amazonaws.com","8883","",0)", before);
  }
}

TEST_CASE("a host without quotes is the one that was asked for") {
  Line line;
  line.until_configured()
      .on(Line::kConnect, "+MQTTCONNECTED:0,5,x-ats.iot.eu-central-1.amazonaws.com,\"8883\",\"\",0\r\n\r\nOK\r\n")
      .on(R"(AT+MQTTSUB=0,"atcert/0123456789abcdef",1)")
      .on(Line::kPublish, received(kMessage) + kOk);
  line.then_close().then_time_back().then_leave();
  CHECK(line.run().result.ok());
}

TEST_CASE("a message that is refused, or does not come round, fails its step") {
  Line ended;
  ended.until_subscribed().on(Line::kPublish, "\r\nOK\r\n+MQTTDISCONNECTED:0\r\n");
  ended.then_close().then_time_back().then_leave();
  CHECK(ended.run().result.error().code == "publish_failed");
  Line lost;
  lost.until_subscribed().on(Line::kPublish, received("{\"atcert\":\"another\"}") + kOk).on("AT");
  lost.then_close().then_time_back().then_leave();
  CHECK(lost.run().result.error().code == "publish_failed");
}

}  // namespace atcert::script
