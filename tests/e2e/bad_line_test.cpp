// SPDX-License-Identifier: Apache-2.0
// Whatever a line sends back, no output of the tool has a piece of the private key or of the Wi-Fi password in it.
#include <sstream>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "e2e/rig.hpp"
#include "support/bad_line.hpp"
#include "support/leaks.hpp"
#include "support/require.hpp"

namespace atcert::test {
namespace {

constexpr LineFault kFaults[] = {
    LineFault::echo,        LineFault::echo_without_first_byte, LineFault::echo_with_busy_inside,
    LineFault::echo_in_hex, LineFault::echo_in_short_lines,     LineFault::secret_in_gmr,
};

struct Outputs {
  Outcome outcome;
  std::string junit;
  std::string log;

  std::string all() const { return outcome.all() + junit + log; }
};

std::string key_of(const Rig& rig) {
  return std::string(rig.broker().pki().device.key.reveal_text());
}

// The log is begun and the report written whatever happens.
std::string content(const std::filesystem::path& path) {
  const Bytes bytes = require(read_file(path.string(), 64 << 20));
  return std::string(as_text(bytes));
}

Outputs run_on(const Rig& rig, const BadLine& line, Arguments arguments) {
  const std::string junit = rig.folder() / "junit.xml";
  const Arguments more = {"--creds", rig.credentials(), "-p", line.port(), "-vv", "--junit", junit, "--log", rig.log()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Process process({.arguments = arguments, .environment = {{"ATCERT_WIFI_PASSWORD", kNetworkPassword}}});
  Outcome outcome = process.finish(std::chrono::seconds(100));
  return {std::move(outcome), content(junit), rig.dialogue()};
}

// The log's lines without their times and directions, which would stand between the pieces of a key.
std::string without_times(const std::string& log) {
  std::istringstream lines(log);
  std::string text;
  for (std::string line; std::getline(lines, line);) text += line.substr(std::min<std::size_t>(15, line.size())) + "\n";
  return text;
}

void check_nothing_is_given_away(const Rig& rig, const Outputs& outputs) {
  const std::string key = key_of(rig);
  for (const std::string& text : {outputs.outcome.out, outputs.junit, outputs.log, without_times(outputs.log),
                                  outputs.outcome.err, without_times(outputs.outcome.err)}) {
    CHECK_FALSE(gives_away_key(text, key));
    CHECK_FALSE(gives_away(text, kNetworkPassword, 8));
    CHECK_FALSE(gives_away(text, hex_of(kNetworkPassword)));
  }
}

// On one line, as a careless firmware might print what it holds, and as a block.
std::string secrets_of(const Rig& rig, const std::string& password) {
  return "key:" + base64_of(key_of(rig)) + "\r\nBin version:" + password + "(" +
         base64_of(key_of(rig)).substr(100, 40) + ")\r\n" + key_of(rig) + "\r\n";
}

}  // namespace

TEST_CASE("a key of which ten bytes were lost on the way is written again until it is right") {
  for (const char* generation : {"pki", "nvs"}) {
    CAPTURE(generation);
    const Rig rig({.generation = generation});
    const BadLine line(rig.port(), LineFault::ten_bytes_of_a_key_lost, "none");
    const Outputs outputs = run_on(rig, line, {"push", "--json"});
    INFO(outputs.all());
    CHECK(outputs.outcome.exit_code == 0);
    CHECK(slot_states(outputs.outcome) == std::vector<std::string>{"written", "written", "written"});
    const std::string notes = document_of(outputs.outcome)["notes"].dump();
    CHECK(notes.find("mqtt_key is written again, attempt 2 of 3") != std::string::npos);
    CHECK(notes.find("attempt 3 of 3") == std::string::npos);
    if (generation == std::string("pki")) CHECK(rig.flash().find(key_of(rig)) != std::string::npos);
    check_no_secrets(rig, outputs.outcome);
  }
}

TEST_CASE("a line that loses bytes of every key ends the push, and what the slot holds is said") {
  const Rig rig({.generation = "pki"});
  const BadLine line(rig.port(), LineFault::ten_bytes_of_keys_lost, "none");
  const Outputs outputs = run_on(rig, line, {"push", "--json"});
  CHECK(outputs.outcome.exit_code == 5);
  CHECK(slot_states(outputs.outcome) == std::vector<std::string>{"written", "written", "damaged"});
  CHECK(document_of(outputs.outcome)["notes"].dump().find("attempt 3 of 3") != std::string::npos);
  check_nothing_is_given_away(rig, outputs);
}

TEST_CASE("a push that is refused after its key came back shows nothing of it") {
  for (const char* generation : {"pki", "nvs"}) {
    const Rig rig({.generation = generation, .faults = {"write-refused"}});
    for (const LineFault fault : kFaults) {
      CAPTURE(generation);
      CAPTURE(static_cast<int>(fault));
      const BadLine line(rig.port(), fault, secrets_of(rig, "none"));
      const Outputs outputs = run_on(rig, line, {"push"});
      CHECK(outputs.outcome.exit_code == 5);
      CHECK(outputs.all().find("***") != std::string::npos);
      check_nothing_is_given_away(rig, outputs);
    }
  }
}

TEST_CASE("a provision on a line that echoes shows nothing of key and password") {
  for (const char* generation : {"pki", "nvs"}) {
    for (const LineFault fault : kFaults) {
      CAPTURE(generation);
      CAPTURE(static_cast<int>(fault));
      const Rig rig({.generation = generation});
      const BadLine line(rig.port(), fault, secrets_of(rig, kNetworkPassword));
      const Outputs outputs =
          run_on(rig, line, {"provision", "--json", "--endpoint", kEndpoint, "--wifi-ssid", kNetwork});
      document_of(outputs.outcome);
      CHECK((outputs.outcome.exit_code == 0 || (outputs.outcome.exit_code >= 4 && outputs.outcome.exit_code <= 7)));
      CHECK(outputs.all().find("***") != std::string::npos);
      check_nothing_is_given_away(rig, outputs);
    }
  }
}

}  // namespace atcert::test
