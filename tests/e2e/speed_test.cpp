// SPDX-License-Identifier: Apache-2.0
// The rate of the line during a transfer: raised, proven, and put back whatever happens. The emulated module hears what
// a UART hears while both ends disagree.
#include <array>
#include <csignal>

#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "e2e/rig.hpp"
#include "serial/serial_port.hpp"
#include "support/require.hpp"

namespace atcert::test {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Who opens the port at the rate that modules have finds the module there.
void check_rate_is_back(const Rig& rig) {
  auto port = require(serial::SerialPort::open(rig.port(), {}));
  const SteadyTime deadline = SystemClock().now() + std::chrono::seconds(5);
  REQUIRE(port->write(as_bytes("AT+UART_CUR?\r\n"), deadline).ok());
  std::string answer;
  std::array<std::uint8_t, 256> part;
  while (!has(answer, "OK\r\n")) {
    const std::size_t count = require(port->read(part, deadline));
    REQUIRE(count > 0);
    answer += as_text(ByteView(part).first(count));
  }
  CHECK(has(answer, "+UART_CUR:1152"));
  CHECK(has(answer, ",8,1,0,0\r\n"));
}

using States = std::vector<std::string>;
const States kWritten{"written", "written", "written"};

std::string note_of(const Outcome& outcome) {
  return document_of(outcome)["notes"].dump();
}

}  // namespace

TEST_CASE("the rate is raised for the transfer and put back before the module is tried") {
  const Rig rig;
  CHECK(rig.provision().exit_code == 0);
  const std::string dialogue = rig.dialogue();
  const std::size_t raised = dialogue.find("> AT+UART_CUR=921600,8,1,0,0");
  const std::size_t back = dialogue.find("> AT+UART_CUR=115200,8,1,0,0");
  const std::size_t joined = dialogue.find("> AT+CWJAP=");
  REQUIRE(raised != std::string::npos);
  CHECK(raised < dialogue.find("> AT+SYSMFG=2"));
  CHECK(dialogue.rfind("> AT+SYSMFG=") < back);
  CHECK(back < joined);
  check_rate_is_back(rig);
}

TEST_CASE("the rate is the one that is asked for, or stays") {
  const Rig rig;
  CHECK(rig.push({"--speed", "460800"}).exit_code == 0);
  CHECK(has(rig.dialogue(), "AT+UART_CUR=460800,8,1,0,0"));
  CHECK(rig.push({"--speed", "keep", "--force"}).exit_code == 0);
  CHECK_FALSE(has(rig.dialogue(), "AT+UART_CUR"));
  check_rate_is_back(rig);
}

TEST_CASE("no rate is wrong usage, and nothing is sent") {
  const Rig rig;
  for (const char* speed : {"0", "fast", "115200x", "79", "5000001", "99999999999"}) {
    CAPTURE(speed);
    const Outcome outcome = rig.push({"--speed", speed, "--json"});
    CHECK(outcome.exit_code == 2);
    CHECK(document_of(outcome)["error"]["code"] == "speed");
  }
  CHECK(rig.dialogue().empty());
}

TEST_CASE("a module that does not change its rate, or loses bytes over it, gets its credentials all the same") {
  for (const char* fault : {"baud-refused", "baud-stuck", "lost-after-baud"}) {
    CAPTURE(fault);
    const Rig rig({.faults = {fault}});
    const Outcome outcome = rig.push({"--json"});
    INFO(outcome.all());
    CHECK(outcome.exit_code == 0);
    CHECK(slot_states(outcome) == kWritten);
    CHECK(document_of(outcome)["not_put_back"].empty());
    check_rate_is_back(rig);
  }
}

TEST_CASE("bytes that are lost at the higher rate are written again at a lower one") {
  const Rig rig({.faults = {"lost-in-data=3"}});
  const Outcome outcome = rig.push({"--json"});
  CHECK(outcome.exit_code == 0);
  CHECK(slot_states(outcome) == kWritten);
  CHECK(has(note_of(outcome), "the line goes on at 460800 baud"));
  check_rate_is_back(rig);
}

TEST_CASE("a module that restarts in the transfer is found at its own rate, and the push goes on") {
  for (const char* fault : {"reset-at-byte=2000", "reset-in-command=14"}) {
    CAPTURE(fault);
    const Rig rig({.faults = {fault}});
    const Outcome outcome = rig.push({"--json"});
    INFO(outcome.all());
    CHECK(outcome.exit_code == 0);
    CHECK(slot_states(outcome) == kWritten);
    CHECK(has(note_of(outcome), "the line goes on at 115200 baud"));
    check_rate_is_back(rig);
  }
}

TEST_CASE("Ctrl-C at a raised rate leaves the module at its own") {
  const Rig rig;
  Process job(rig.provision_options({"-vv", "--json"}));
  REQUIRE(job.wait_for("AT+UART_CUR=921600"));
  job.signal(SIGINT);
  const Outcome outcome = job.finish();
  CHECK(outcome.exit_code == 130);
  CHECK(document_of(outcome)["not_put_back"].empty());
  check_rate_is_back(rig);
}

}  // namespace atcert::test
