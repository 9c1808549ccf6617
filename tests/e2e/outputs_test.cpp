// SPDX-License-Identifier: Apache-2.0
// Every option that names an output, with everything that can stand in its place: what is there stays what it is, a key
// goes into nothing but a new file of mode 0600, and what cannot be written is said and costs exit 2.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "e2e/rig.hpp"
#include "support/places.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

namespace fs = std::filesystem;
using test::Arguments;
using test::Node;
using test::NodeAtPlace;
using test::Outcome;

const std::string kData = ATCERT_SOURCE_DIR "/tests/image/data/";

// Where it goes into a new file, or into nothing.
bool makes_file(Node node) {
  return node == Node::absent || node == Node::file;
}

// A line of the private key that the tests build with.
std::string key_line() {
  std::ifstream file(kData + "ecc/private.pem");
  std::string line;
  std::getline(file, line);
  std::getline(file, line);
  REQUIRE(line.size() > 32);
  return line;
}

Outcome build(const Arguments& more) {
  Arguments all{"build", "--cert",       kData + "ecc/certificate.pem", "--key", kData + "ecc/private.pem",
                "--ca",  "AmazonRootCA1"};
  all.insert(all.end(), more.begin(), more.end());
  return test::run({.arguments = std::move(all)});
}

void check_refused(const Outcome& outcome) {
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("remedy: ") != std::string::npos);
}

}  // namespace

TEST_CASE("--junit and --log go where files go, and into devices, pipes and terminals") {
  const test::Rig rig;
  for (const char* option : {"--junit", "--log"}) {
    for (const Node node : test::kNodes) {
      CAPTURE(option);
      CAPTURE(name_of(node));
      const NodeAtPlace place(node);
      Arguments arguments{"push", "--creds", rig.credentials(), "-p", rig.port(), option, place.text()};
      const Outcome outcome = test::run({.arguments = arguments});
      CHECK(place.is_untouched());
      if (node == Node::full_device) {
        check_refused(outcome);
        CHECK(outcome.err.find("No space left on device") != std::string::npos);
      } else if (makes_file(node) || is_stream(node)) {
        CHECK(outcome.exit_code == 0);
      } else {
        check_refused(outcome);
        CHECK(outcome.err.find(std::string(option) + " " + place.text()) != std::string::npos);
      }
      const std::string words = std::string(option) == "--junit" ? "<testsuite" : "AT+GMR";
      if (makes_file(node)) CHECK(place.content().find(words) != std::string::npos);
      if (makes_file(node)) CHECK(place.mode() == (std::string(option) == "--junit" ? 0644 : 0600));
      if (node == Node::pipe || node == Node::terminal) CHECK(place.received().find(words) != std::string::npos);
    }
  }
}

TEST_CASE("two outputs of a job never go into one stream or file") {
  const NodeAtPlace folder(Node::folder);
  const std::string file = (folder.path() / "file").string();
  const std::string same = (folder.path() / "." / "file").string();
  for (const std::vector<std::string>& outputs :
       std::initializer_list<std::vector<std::string>>{{"--json", "--junit", "-"},
                                                       {"--json", "--log", "-"},
                                                       {"--json", "--junit", "/dev/stdout"},
                                                       {"--json", "--log", "/proc/self/fd/1"},
                                                       {"--junit", "-", "--log", "/dev/fd/1"},
                                                       {"--junit", "/dev/fd/2", "--log", "/dev/stderr"},
                                                       {"--junit", file, "--log", same}}) {
    Arguments arguments{"verify", "-p", "/dev/null", "--endpoint", "a.example", "--wifi-ssid", "x"};
    arguments.insert(arguments.end(), outputs.begin(), outputs.end());
    const Outcome outcome = test::run({.arguments = arguments, .environment = {{"ATCERT_WIFI_PASSWORD", "12345678"}}});
    INFO(outcome.all());
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.find("would be written into one ") != std::string::npos);
    CHECK(outcome.out.find("<testsuite") == std::string::npos);
    CHECK_FALSE(fs::exists(file));
    if (outputs.front() == "--json") CHECK(nlohmann::json::parse(outcome.out)["error"]["code"] == "outputs_mixed");
  }
  // Nobody reads them there.
  const test::Rig rig;
  const Outcome outcome = test::run({.arguments = {"push", "--creds", rig.credentials(), "-p", rig.port(), "--json",
                                                   "--junit", "/dev/null", "--log", "/dev/null"}});
  CHECK(outcome.exit_code == 0);
}

TEST_CASE("a job that fails and cannot write its outputs tells all of it") {
  const test::Rig rig({.faults = {"write-refused"}});
  const Outcome outcome = test::run({.arguments = {"push", "--creds", rig.credentials(), "-p", rig.port(), "--log",
                                                   "/dev/full", "--junit", "/dev/full"}});
  CHECK(outcome.exit_code == 5);
  CHECK(outcome.err.find("--log /dev/full") != std::string::npos);
  CHECK(outcome.err.find("/dev/full: cannot be written") != std::string::npos);
}

TEST_CASE("images go into folders") {
  for (const Node node : test::kNodes) {
    CAPTURE(name_of(node));
    const NodeAtPlace place(node);
    const Outcome outcome = build({"--module", "ESP32-C3-MINI-1", "-o", place.text()});
    if (node == Node::absent || node == Node::folder) {
      CHECK(outcome.exit_code == 0);
      CHECK(fs::is_regular_file(place.path() / "mfg_nvs.bin"));
    } else {
      check_refused(outcome);
      CHECK(place.is_untouched());
      CHECK(place.beside().find(key_line()) == std::string::npos);
    }
  }
}

TEST_CASE("what may hold a key goes into new files alone: --into, --nvs-keys, --flash") {
  const NodeAtPlace source(Node::folder);
  REQUIRE(build({"--module", "ESP32-C3-MINI-1", "--only-credentials", "-o", source.text()}).exit_code == 0);
  const std::string image = (source.path() / "mfg_nvs.bin").string();
  for (const Node node : test::kNodes) {
    CAPTURE(name_of(node));
    {
      const NodeAtPlace place(node);
      const Outcome outcome = build({"--into", image, "--force", "-o", place.text()});
      CHECK(place.is_untouched());
      CHECK(outcome.exit_code == (makes_file(node) ? 0 : 2));
      CHECK(place.mode() == (makes_file(node) ? 0600 : 0));
      CHECK((makes_file(node) || place.received().empty()));
    }
    {
      const NodeAtPlace place(node);
      const Outcome outcome = build({"--module", "ESP32-C3-MINI-1", "-o", (source.path() / name_of(node)).string(),
                                     "--make-nvs-keys", "--nvs-keys", place.text()});
      CHECK(place.is_untouched());
      CHECK(outcome.exit_code == (node == Node::absent ? 0 : 2));
      CHECK(place.mode() == (node == Node::absent ? 0600 : node == Node::file ? 0666 : 0));
    }
    {
      const NodeAtPlace place(node);
      test::Process module({.arguments = {"emulate", "--flash", place.text()}});
      const bool runs = node == Node::absent;
      CHECK(module.wait_for("until Ctrl-C") == runs);
      if (runs) module.signal(SIGTERM);
      const Outcome outcome = module.finish();
      CHECK(place.is_untouched());
      CHECK(outcome.exit_code == (runs ? 0 : 2));
      CHECK(place.mode() == (runs ? 0600 : node == Node::file ? 0666 : 0));  // 0666: no flash, and left alone
    }
  }
}

TEST_CASE("the flash of an emulated module is closed to others, and is never standard input") {
  const NodeAtPlace place(Node::file);
  std::ofstream(place.path(), std::ios::binary) << std::string(4U << 20, '\xFF');
  fs::permissions(place.path(), fs::perms(0666));
  test::Process module({.arguments = {"emulate", "--flash", place.text()}});
  REQUIRE(module.wait_for("until Ctrl-C"));
  module.signal(SIGTERM);
  CHECK(module.finish().exit_code == 0);
  CHECK(place.mode() == 0600);
  check_refused(test::run({.arguments = {"emulate", "--flash", "-"}, .input = "x"}));
  CHECK_FALSE(fs::exists("-"));
}

TEST_CASE("extracted items are new files below a folder") {
  const NodeAtPlace source(Node::folder);
  REQUIRE(build({"--module", "ESP32-C3-MINI-1", "--only-credentials", "-o", source.text()}).exit_code == 0);
  const std::string image = (source.path() / "mfg_nvs.bin").string();
  for (const Node node : test::kNodes) {
    CAPTURE(name_of(node));
    const NodeAtPlace place(node);
    const Outcome outcome = test::run({.arguments = {"inspect", image, "--extract", place.text()}});
    if (node == Node::absent || node == Node::folder) {
      CHECK(outcome.exit_code == 0);
      for (const auto& entry : fs::directory_iterator(place.path())) {
        const bool is_key = entry.path().filename().string().find("key") != std::string::npos;
        CHECK((fs::status(entry.path()).permissions() & fs::perms::mask) == fs::perms(is_key ? 0600 : 0644));
      }
    } else {
      check_refused(outcome);
      CHECK(place.is_untouched());
      CHECK(place.beside().find(key_line()) == std::string::npos);
    }
  }
  // A link in the place of an item leads nowhere.
  const NodeAtPlace link(Node::link_to_file);
  const fs::path folder = link.folder() / "items";
  const Outcome whole = test::run({.arguments = {"inspect", image, "--extract", folder.string()}});
  REQUIRE(whole.exit_code == 0);
  for (const auto& entry : fs::directory_iterator(folder)) {
    fs::remove(entry.path());
    fs::rename(link.path(), entry.path());
    check_refused(test::run({.arguments = {"inspect", image, "--extract", folder.string()}}));
    fs::rename(entry.path(), link.path());
    CHECK(link.is_untouched());
  }
}

TEST_CASE("standard output that cannot be written is said, and a reader that left is told from a full disk") {
  const std::string tool = std::string(ATCERT_BINARY) + " build --list-modules";
  const Outcome full = test::run({.arguments = {"-c", tool + " > /dev/full"}, .program = "/bin/sh"});
  CHECK(full.exit_code == 2);
  CHECK(full.err.find("check the disk behind it") != std::string::npos);
  const Outcome left =
      test::run({.arguments = {"-c", "{ " + tool + "; echo code $? >&2; } | :"}, .program = "/bin/sh"});
  CHECK(left.err.find("code 2") != std::string::npos);
  CHECK(left.err.find("check the disk") == std::string::npos);
  CHECK(left.err.find("its reader has left") != std::string::npos);
}

}  // namespace atcert
