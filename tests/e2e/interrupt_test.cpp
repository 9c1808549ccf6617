// SPDX-License-Identifier: Apache-2.0
// Ctrl-C in the middle of the job: exit code 130, and the module is left as it was found.
#include <array>
#include <csignal>

#include <doctest/doctest.h>

#include "e2e/rig.hpp"
#include "serial/serial_port.hpp"
#include "support/require.hpp"

namespace atcert::test {
namespace {

// What the module answers to a command of ours, up to OK or ERROR.
std::string ask(serial::SerialPort& port, const std::string& command) {
  const SteadyTime deadline = SystemClock().now() + std::chrono::seconds(5);
  REQUIRE(port.write(as_bytes(command + "\r\n"), deadline).ok());
  std::string answer;
  std::array<std::uint8_t, 256> part;
  while (answer.find("OK\r\n") == std::string::npos && answer.find("ERROR\r\n") == std::string::npos) {
    const std::size_t count = require(port.read(part, deadline));
    REQUIRE(count > 0);
    answer += as_text(ByteView(part).first(count));
  }
  return answer;
}

void check_left_as_found(const Rig& rig) {
  auto port = require(serial::SerialPort::open(rig.port(), 115200));
  CHECK(ask(port, "AT").starts_with("AT\r"));  // echo is on again
  CHECK(ask(port, "AT+SYSSTORE?").find("+SYSSTORE:1") != std::string::npos);
  CHECK(ask(port, "AT+CWMODE?").find("+CWMODE:0") != std::string::npos);
  CHECK(ask(port, "AT+MQTTCONN?").find("+MQTTCONN:0,0,") != std::string::npos);
  CHECK(rig.flash().find(kNetwork) == std::string::npos);
}

// The clock is never set, so that the job waits for it until it is interrupted.
void check_interrupt(const std::string& generation, int signal) {
  const Rig rig({.generation = generation, .faults = {"no-sntp"}});
  Process job(rig.provision_options({"-vv", "--json"}));
  REQUIRE(job.wait_for("AT+CIPSNTPTIME?"));
  job.signal(signal);
  const Outcome outcome = job.finish();
  CHECK(outcome.exit_code == 130);
  CHECK(document_of(outcome)["error"]["kind"] == "interrupted");
  check_left_as_found(rig);
  check_no_secrets(rig, outcome);
}

}  // namespace

TEST_CASE("Ctrl-C leaves a module of generation pki as it was found") {
  check_interrupt("pki", SIGINT);
}

TEST_CASE("SIGTERM leaves a module of generation nvs as it was found") {
  check_interrupt("nvs", SIGTERM);
}

}  // namespace atcert::test
