// SPDX-License-Identifier: Apache-2.0
// What is asked, in which order, and what becomes of the answers. Their forms are those of
// tests/diagnosis/answers_test.
#include "diagnosis/gather.hpp"

#include <doctest/doctest.h>

#include "support/require.hpp"
#include "support/scripted_module.hpp"

namespace atcert::diagnosis {
namespace {

using namespace test;

using Names = std::vector<std::string>;

struct Bench {
  Bench() {
    expect_pki_module(wire);
    module.emplace(require(module::Module::identify(session, settings_of(session))));
    values.emplace("endpoint", "iot.example");
    values.emplace("wifi_ssid", "Line 1");
    evidence.given.values = &values;
    evidence.given.port = 8883;
    evidence.symptom.answer = Answer::error;
  }

  Names ask() { return gather({session, *module, nullptr}, questions(), evidence).asked; }
  Names ask(const Names& names) {
    std::vector<Question> table;
    for (const std::string& name : names) table.push_back({name, {"AT*"}, {}, {}});
    return gather({session, *module, nullptr}, table, evidence).asked;
  }

  VirtualClock clock;
  ScriptedTransport wire{clock};
  at::Session session{wire, clock, nullptr, {}};
  std::optional<module::Module> module;
  script::Values values;
  Evidence evidence;
};

}  // namespace

TEST_CASE("a network that is not found is asked for by name, then among all") {
  Bench bench;
  bench.evidence.symptom.at = "AT+CWJAP";
  bench.evidence.symptom.join_error = 3;
  bench.wire.on("AT+CWLAP=\"Line 1\"\r\n", kOk);
  bench.wire.on("AT+CWLAP\r\n", "+CWLAP:(3,\"line 1\",-48,\"02:00:00:00:aa:44\",6)\r\n" + kOk);
  CHECK(bench.ask() == Names{"networks"});
  CHECK(bench.evidence.answers.network_seen == false);
  CHECK(bench.evidence.answers.similar == "line 1");
}

TEST_CASE("what was opened to try a connection is closed again") {
  Bench bench;
  bench.evidence.symptom.at = "AT+MQTTCONN";
  bench.wire.on("AT+CIPMUX?\r\n", "+CIPMUX:0\r\n" + kOk);
  bench.wire.on("AT+CIPSTART=\"TCP\",\"iot.example\",8883\r\n", "CONNECT\r\n" + kOk);
  bench.wire.on("AT+CIPCLOSE\r\n", "CLOSED\r\n" + kOk);
  CHECK(bench.ask({"tcp"}) == Names{"tcp"});
  CHECK(bench.evidence.answers.tcp == Attempt::made);
}

TEST_CASE("with several links the last is taken") {
  Bench bench;
  bench.evidence.symptom.at = "AT+MQTTCONN";
  bench.wire.on("AT+CIPMUX?\r\n", "+CIPMUX:1\r\n" + kOk);
  bench.wire.on("AT+CIPSTART=4,\"TCP\",\"iot.example\",8883\r\n", "4,CONNECT\r\n" + kOk);
  bench.wire.on("AT+CIPCLOSE=4\r\n", "4,CLOSED\r\n" + kOk);
  bench.ask({"tcp"});
  CHECK(bench.evidence.answers.tcp == Attempt::made);
}

TEST_CASE("a connection that is refused at once is told from one that is dropped on the way") {
  for (const auto& [delay, attempt] : {std::pair{10, Attempt::refused}, std::pair{9000, Attempt::timed_out}}) {
    Bench bench;
    bench.evidence.symptom.at = "AT+MQTTCONN";
    bench.wire.on("AT+CIPMUX?\r\n", "+CIPMUX:0\r\n" + kOk);
    bench.wire.on("AT+CIPSTART=\"TCP\",\"iot.example\",8883\r\n", "CLOSED\r\n" + kError, Milliseconds(delay));
    bench.ask({"tcp"});
    CHECK(bench.evidence.answers.tcp == attempt);
  }
}

TEST_CASE("slots are read and judged, names and clock are asked for") {
  Bench bench;
  bench.evidence.symptom.at = "AT+MQTTCONN";
  bench.wire.on("AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Thu Jan  1 00:02:08 1970\r\nOK\r\n");
  bench.wire.on("AT+MQTTCONN?\r\n", "+MQTTCONN:0,2,5,\"\",\"\",\"\",0\r\n" + kOk);
  bench.wire.on("AT+SYSRAM?\r\n", "+SYSRAM:11000,9000\r\nOK\r\n");
  bench.wire.on("AT+CIPDNS?\r\n", "+CIPDNS:0,\"192.0.2.1\"\r\n" + kOk);
  bench.wire.on("AT+CIPDOMAIN=\"iot.example\"\r\n", kError);
  bench.ask({"clock", "mqtt", "memory", "name"});
  const Answers& answers = bench.evidence.answers;
  CHECK(answers.clock_year == 1970);
  CHECK(answers.mqtt_state == 2U);
  CHECK(answers.memory == 11000);
  CHECK(answers.resolved == "");
  CHECK(answers.name_servers == Names{"192.0.2.1"});
}

TEST_CASE("a module that says nothing more is asked nothing more") {
  Bench bench;
  bench.evidence.symptom.at = "AT+MQTTCONN";
  bench.wire.unplug();
  CHECK(bench.ask({"memory", "clock", "mqtt"}) == Names{"memory"});
  CHECK_FALSE(bench.evidence.answers.memory);
}

TEST_CASE("a module that still runs the command that failed is asked nothing") {
  Bench bench;
  bench.evidence.symptom.at = "AT+MQTTCONN";
  bench.evidence.symptom.answer = Answer::none;
  bench.wire.unplug();
  CHECK(bench.ask() == Names{"alive"});
}

}  // namespace atcert::diagnosis
