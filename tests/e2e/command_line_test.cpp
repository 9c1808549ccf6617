// SPDX-License-Identifier: Apache-2.0
// Wrong command lines and configuration files: no value is repeated, what was meant is named, and --json has its
// document.
#include <algorithm>
#include <fstream>

#include <doctest/doctest.h>

#include "e2e/rig.hpp"
#include "support/require.hpp"

namespace atcert::test {
namespace {

const std::string kTypo = "MySecret123";

Outcome run_tool(const Arguments& arguments) {
  return run({.arguments = arguments});
}

struct Configuration {
  explicit Configuration(const std::string& text) { std::ofstream(path()) << text; }
  std::string path() const { return (folder.path() / "config.toml").string(); }
  ScratchFolder folder = require(ScratchFolder::create("config"));
};

void check_refused(const Outcome& outcome) {
  INFO(outcome.all());
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.starts_with("atcert: "));
  CHECK(outcome.err.find("  remedy: ") != std::string::npos);
  CHECK(outcome.all().find(kTypo) == std::string::npos);
}

}  // namespace

TEST_CASE("no value of any option is repeated, whatever is wrong, and --json prints one document") {
  const Arguments lines[] = {
      {"provision", "--wifi-password", kTypo},
      {"provision", "--wifi-password=" + kTypo},
      {"--wifi-password", kTypo, "provision"},
      {"provision", kTypo},
      {"provision", "-x" + kTypo},
      {"provision", "-" + kTypo},
      {"provision", "--" + kTypo},
      {"provision", "--" + kTypo + "=1"},
      {"provision", "--baud", kTypo},
      {"provision", "-b" + kTypo},
      {"provision", "--color", kTypo},
      {"provision", "--quiet=" + kTypo},
      {"provision", "--port", kTypo, "--port", kTypo},
      {"provision", "--endpoint", kTypo, "--client-id"},
      {"check", "--days", kTypo},
      {"check", "--days=" + kTypo},
      {"check", "--release", kTypo},
      {"build", "--jobs", kTypo},
      {"build", "--nvs-update", kTypo, "--into", kTypo},
      {"build", "--nvs-update", "old", kTypo},
      {"inspect", "/dev/null", kTypo},
      {"emulate", "--generation", kTypo},
      {"emulate", "--pace", kTypo},
      {"demo", "--", kTypo},
      {"explain", "port_busy", kTypo},
      {"version", kTypo},
      {kTypo},
      {"--config", "/dev/null", kTypo},
      {"--color", kTypo, "check"},
  };
  for (const Arguments& line : lines) {
    const Outcome outcome = run_tool(line);
    check_refused(outcome);
    CHECK(outcome.out.empty());
    for (const bool in_front : {true, false}) {
      Arguments with_json = line;
      with_json.insert(in_front ? with_json.begin() : std::find(with_json.begin(), with_json.end(), "--"), "--json");
      const Outcome told = run_tool(with_json);
      check_refused(told);
      const auto document = document_of(told);
      CHECK(document["exit"]["name"] == "usage");
      CHECK(told.err.find(document["error"]["what"].get<std::string>()) != std::string::npos);
    }
  }
}

TEST_CASE("a password on the command line is answered with the two right ways") {
  for (const char* name : {"--wifi-password", "--password", "--wifi-pass", "--psk", "--passwd"}) {
    const Outcome outcome = run_tool({"provision", name, kTypo});
    check_refused(outcome);
    CHECK(outcome.err.find("has no option " + std::string(name)) != std::string::npos);
    CHECK(outcome.err.find("--wifi-password-file FILE (- for standard input)") != std::string::npos);
    CHECK(outcome.err.find("ATCERT_WIFI_PASSWORD") != std::string::npos);
  }
}

TEST_CASE("a secret on the command line is named as that by every command, and never repeated") {
  for (const char* verb :
       {"check", "build", "inspect", "info", "push", "verify", "provision", "emulate", "demo", "version"}) {
    for (const Arguments& secret : {Arguments{"--wifi-password", kTypo}, Arguments{"--wifi-password=" + kTypo},
                                    Arguments{"--passphrase", kTypo}, Arguments{"--secret", kTypo}}) {
      Arguments line{verb};
      line.insert(line.end(), secret.begin(), secret.end());
      const Outcome outcome = run_tool(line);
      check_refused(outcome);
      CHECK(outcome.err.find("no secret belongs on a command line") != std::string::npos);
      CHECK(outcome.err.find("ATCERT_WIFI_PASSWORD") != std::string::npos);
      CHECK(outcome.err.find("did you mean") == std::string::npos);
    }
  }
  const Outcome outcome = run_tool({"--wifi-password", kTypo});
  check_refused(outcome);
  CHECK(outcome.err.find("no secret belongs on a command line") != std::string::npos);
}

TEST_CASE("a password in the place of its file is not repeated") {
  for (const char* verb : {"verify", "emulate"}) {
    const Outcome outcome = run_tool({verb, "--wifi-password-file", kTypo, "--endpoint", "a.example"});
    INFO(outcome.all());
    CHECK(outcome.exit_code != 0);
    CHECK(outcome.all().find(kTypo) == std::string::npos);
  }
}

TEST_CASE("what is wrong is said with the option that was meant, and what it takes") {
  const auto says = [](const Arguments& arguments, const std::string& text) {
    const Outcome outcome = run_tool(arguments);
    INFO(outcome.all());
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.find(text) != std::string::npos);
  };
  says({"provision", "--endpiont", "x"}, "did you mean --endpoint?");
  says({"provison"}, "did you mean provision?");
  says({}, "no command is given");
  says({"provision", "--baud", "12"}, "--baud takes a whole number from 80 to 5000000");
  says({"provision", "--color", "red"}, "--color takes one of always, auto, never");
  says({"provision", "--port"}, "--port needs a value");
  says({"provision", "--port", "a", "--port", "b"}, "--port is given more than once");
  says({"provision", "--json=maybe"}, "--json takes no value");
  says({"inspect"}, "FILE is missing");
  says({"check", "--release", "1.0.0.0"}, "--release goes together with --module");
  says({"provision", "--client-id", "--json"}, "--client-id needs a value, and another option follows");
  says({"verify", "--endpoint", "a.example", "--set", "novalue"}, "--set: no name and value");
}

TEST_CASE("the environment is named where its value is refused, without the value") {
  const Outcome outcome = run({.arguments = {"provision"}, .environment = {{"ATCERT_BAUD", kTypo}}});
  check_refused(outcome);
  CHECK(outcome.err.find("ATCERT_BAUD") != std::string::npos);
}

TEST_CASE("no line of a configuration file is repeated") {
  for (const std::string& text :
       {kTypo, "wifi-password = \"" + kTypo + "\"", "wifi-password-file = [\"" + kTypo + "\", \"b\"]",
        "days = \"" + kTypo + "\"", "quiet = \"" + kTypo + "\"", "[" + kTypo + "]\na = 1", "[check]\n" + kTypo + " = 1",
        "color = \"" + kTypo + "\"", kTypo + " = \"x\""}) {
    INFO(text);
    const Configuration configuration(text + "\n");
    check_refused(run_tool({"check", "--config", configuration.path()}));
    const Outcome told = run_tool({"check", "--config", configuration.path(), "--json"});
    check_refused(told);
    CHECK(document_of(told)["command"] == "check");
  }
}

TEST_CASE("json = true in a configuration file holds for what is wrong behind it") {
  const Configuration configuration("json = true\ndays = \"x\"\n");
  const Outcome outcome = run_tool({"check", "--config", configuration.path()});
  CHECK(document_of(outcome)["error"]["what"] == "--days takes a whole number from 0 to 36500");
}

TEST_CASE("a configuration file that is not there is wrong usage, with its document") {
  const Outcome outcome = run_tool({"check", "--json", "--config", "/nonexistent"});
  CHECK(document_of(outcome)["error"]["code"] == "bad_configuration");
}

TEST_CASE("output options may stand before the command") {
  CHECK(document_of(run_tool({"--json", "check"}))["command"] == "check");
  CHECK(document_of(run_tool({"-q", "--color", "never", "--json", "-vv", "check"}))["error"]["code"] ==
        "credential_options");
  const Outcome colored = run_tool({"--color=always", "check"});
  CHECK(colored.err.find("\x1b[31m") != std::string::npos);
}

TEST_CASE("with --json help is a document too") {
  const auto document = document_of(run_tool({"check", "--json", "--help"}));
  CHECK(document["help"].dump().find("--creds") != std::string::npos);
  CHECK(document_of(run_tool({"--json", "--help"}))["help"].dump().find("provision") != std::string::npos);
}

TEST_CASE("--version is one line, and more names the libraries that are in the program") {
  const Outcome line = run_tool({"--version"});
  CHECK(line.exit_code == 0);
  CHECK(std::count(line.out.begin(), line.out.end(), '\n') == 1);
  for (const Arguments& arguments : {Arguments{"version"}, {"--version", "--verbose"}, {"-v", "--version"}}) {
    const Outcome outcome = run_tool(arguments);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out.starts_with(line.out));
    CHECK(outcome.out.find("OpenSSL 3.") != std::string::npos);
  }
  for (const Arguments& arguments : {Arguments{"version", "--json"}, {"--version", "--json"}, {"--json", "-V"}}) {
    const auto document = document_of(run_tool(arguments));
    CHECK("atcert " + document["version"].get<std::string>() + "\n" == line.out);
    std::string names;
    for (const auto& library : document["libraries"]) {
      CHECK_FALSE(library["version"].get<std::string>().empty());
      names += library["name"].get<std::string>() + " ";
    }
    CHECK(names == "OpenSSL Mbed TLS zlib libserialport fmt libstdc++ glibc nlohmann/json CLI11 ");
    CHECK(document["compiler"].get<std::string>().find('.') != std::string::npos);
  }
}

}  // namespace atcert::test
