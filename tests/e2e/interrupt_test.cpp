// SPDX-License-Identifier: Apache-2.0
// Signals: in the middle of a job, after which the module is left as it was found, and in the middle of any wait.
#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <csignal>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/files.hpp"
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
  auto port = require(serial::SerialPort::open(rig.port(), {}));
  CHECK(ask(*port, "AT").starts_with("AT\r"));  // echo is on again
  CHECK(ask(*port, "AT+SYSSTORE?").find("+SYSSTORE:1") != std::string::npos);
  CHECK(ask(*port, "AT+CWMODE?").find("+CWMODE:0") != std::string::npos);
  CHECK(ask(*port, "AT+MQTTCONN?").find("+MQTTCONN:0,0,") != std::string::npos);
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
  CHECK(document_of(outcome)["error"]["what"].get<std::string>().ends_with("; the module was left clean"));
  check_left_as_found(rig);
  check_no_secrets(rig, outcome);
}

// The tool run by a shell that first does `preparation`.
ProcessOptions prepared(const std::string& preparation, const Arguments& arguments) {
  ProcessOptions options{.arguments = {"-c", preparation + "; exec \"$0\" \"$@\"", ATCERT_BINARY}};
  options.program = "/bin/sh";
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  return options;
}

// A FIFO that nobody writes into: who opens it to read waits.
struct Fifo {
  Fifo() { REQUIRE(mkfifo(path().c_str(), 0600) == 0); }
  std::string path() const { return (folder.path() / "fifo").string(); }
  ScratchFolder folder = require(ScratchFolder::create("fifo"));
};

// Whether the program gets so far that it has taken its signals, and then has nothing to do. What /proc shows of any
// process to anybody: its state, and the mask of signals that its main thread blocks.
bool comes_to_wait(const Process& process, int signal = SIGTERM) {
  const SteadyTime deadline = SystemClock().now() + std::chrono::seconds(20);
  while (SystemClock().now() < deadline) {
    const auto content = read_file(fmt::format("/proc/{}/status", process.id()), 4096);
    if (!content) return false;
    const std::string status(as_text(*content));
    const std::size_t blocked = status.find("SigBlk:");
    if (blocked == std::string::npos) continue;
    const auto mask = std::stoull(status.substr(blocked + 7), nullptr, 16);
    const bool asleep = status.find("State:\tS") != std::string::npos;
    if (asleep && (mask >> static_cast<unsigned>(signal - 1) & 1U) != 0) return true;
  }
  return false;
}

void check_ends(Process& process, int signal) {
  const SteadyTime sent = SystemClock().now();
  process.signal(signal);
  const Outcome outcome = process.finish();
  INFO(outcome.all());
  CHECK(outcome.exit_code == 130);
  CHECK(SystemClock().now() - sent < std::chrono::seconds(3));
  CHECK(outcome.err.find("atcert: interrupted") != std::string::npos);
  if (!outcome.out.empty()) CHECK(document_of(outcome)["error"]["kind"] == "interrupted");
}

#ifdef ATCERT_SANITIZED  // UndefinedBehaviorSanitizer makes a pipe of its own
const std::string kFewDescriptors = "ulimit -n 6";
#else
const std::string kFewDescriptors = "ulimit -n 4";  // the three streams and one file
#endif

}  // namespace

TEST_CASE("any signal ends the wait for a file that nobody writes, also without a free descriptor") {
  const Fifo fifo;
  const std::vector<Arguments> lines = {
      {"inspect", fifo.path(), "--json"},
      {"check", "--json", "--cert", fifo.path(), "--key", "x", "--ca", "AmazonRootCA1"},
      {"check", "--config", fifo.path()},
      {"build", "--manifest", fifo.path(), "--ca", "AmazonRootCA1", "--module", "ESP32-WROOM-32", "-o",
       "/nonexistent/o"},
      {"verify", "--endpoint", "a.example", "--wifi-ssid", "x", "--wifi-password-file", fifo.path(), "--json"},
  };
  for (const Arguments& line : lines) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      Process process(prepared(kFewDescriptors, line));
      REQUIRE(comes_to_wait(process));
      check_ends(process, signal);
    }
  }
}

TEST_CASE("any signal ends the wait for standard input") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const Fifo fifo;
    Process process(prepared("exec <>" + fifo.path(), {"inspect", "-", "--json"}));
    REQUIRE(comes_to_wait(process));
    check_ends(process, signal);
  }
}

TEST_CASE("the units of a batch that wait for a file do not keep it from ending") {
  const Fifo fifo;
  const std::string list = (fifo.folder.path() / "units.csv").string();
  const std::string text = fmt::format("serial,cert,key,ca\nA1,{0},{0},{0}\nA2,{0},{0},{0}\n", fifo.path());
  REQUIRE(write_file(list, as_bytes(text)).ok());
  Process process({.arguments = {"build", "--manifest", list, "--module", "ESP32-WROOM-32", "-o",
                                 (fifo.folder.path() / "out").string(), "--jobs", "2", "--json"}});
  REQUIRE(comes_to_wait(process));
  check_ends(process, SIGTERM);
}

TEST_CASE("a signal that the parent ignores stays ignored") {
  const Fifo fifo;
  Process process(prepared("trap '' HUP", {"inspect", fifo.path()}));
  REQUIRE(comes_to_wait(process));
  process.signal(SIGHUP);
  const Descriptor writer(open(fifo.path().c_str(), O_WRONLY | O_CLOEXEC));
  REQUIRE(writer.open());
  process.signal(SIGHUP);
  REQUIRE(comes_to_wait(process));
  check_ends(process, SIGTERM);
}

TEST_CASE("the end of a module that is emulated by Ctrl-C is no failure") {
  Process process({.arguments = {"emulate"}});
  REQUIRE(process.wait_for("/dev/pts/"));
  process.signal(SIGINT);
  CHECK(process.finish().exit_code == 0);
}

TEST_CASE("a Ctrl-C in a long wait says what is waited for, and a second one what was cut off") {
  const Rig rig({.password = "wrong-password"});  // which the module tries for 15 seconds
  Process job(rig.provision_options({"-vv", "--json"}));
  REQUIRE(job.wait_for("> AT+CWJAP="));
  job.signal(SIGINT);
  REQUIRE(job.wait_for("interrupted; waiting for the module to end AT+CWJAP=", std::chrono::seconds(2)));
  REQUIRE(job.wait_for("10 seconds at most", std::chrono::seconds(1)));
  const SteadyTime sent = SystemClock().now();
  job.signal(SIGINT);
  const Outcome outcome = job.finish();
  CHECK(SystemClock().now() - sent < std::chrono::seconds(2));
  CHECK(outcome.exit_code == 130);
  const auto error = document_of(outcome)["error"];
  CHECK(error["code"] == "cut_off");
  CHECK(error["what"] == "interrupted a second time: clean-up was cut off");
  CHECK(error["remedy"].get<std::string>().starts_with("reset the module"));
  CHECK(outcome.err.find("reset the module") != std::string::npos);
  check_no_secrets(rig, outcome);
}

TEST_CASE("a wait that outlasts the clean-up's time is given up, and what could not be put back is named") {
  const Rig rig({.password = "wrong-password"});
  Process job(rig.provision_options({"-vv", "--json"}));
  REQUIRE(job.wait_for("> AT+CWJAP="));
  const SteadyTime sent = SystemClock().now();
  job.signal(SIGINT);
  const Outcome outcome = job.finish();
  CHECK(SystemClock().now() - sent < std::chrono::seconds(12));
  CHECK(outcome.exit_code == 130);
  const auto error = document_of(outcome)["error"];
  CHECK(error["what"].get<std::string>().find("; not put back: ") != std::string::npos);
  CHECK(error["what"].get<std::string>().find("AT+SYSSTORE=1") != std::string::npos);
  CHECK(error["what"].get<std::string>().find("left clean") == std::string::npos);
  CHECK(error["remedy"] == "reset the module before it is used");
}

TEST_CASE("Ctrl-C leaves a module of generation pki as it was found") {
  check_interrupt("pki", SIGINT);
}

TEST_CASE("SIGTERM leaves a module of generation nvs as it was found") {
  check_interrupt("nvs", SIGTERM);
}

}  // namespace atcert::test
