// SPDX-License-Identifier: Apache-2.0
// atcert build --manifest as its users run it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/descriptor.hpp"
#include "base/json.hpp"
#include "support/process.hpp"
#include "support/units.hpp"

namespace atcert {
namespace {

using nlohmann::json;
using test::content_of;
using test::Outcome;
using test::Units;

Outcome build(const Units& units, std::vector<std::string> more = {}) {
  std::vector<std::string> all{"build",           "--manifest", units.list_path().string(), "--module",
                               "ESP32-C3-MINI-1", "-o",         units.out().string()};
  all.insert(all.end(), more.begin(), more.end());
  return test::run({.arguments = std::move(all)});
}

}  // namespace

TEST_CASE("every unit gets a folder that is the one that build makes of its credentials") {
  const Units units(5);
  const Outcome outcome = build(units, {"--jobs", "3"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("5 units written"));
  const auto alone = (units.path() / "alone").string();
  const Outcome one = test::run({.arguments = {"build", "--creds", units.credentials("unit-3").string(), "--module",
                                               "ESP32-C3-MINI-1", "-o", alone}});
  CHECK(one.exit_code == 0);
  for (const char* name : {"mfg_nvs.bin", "manifest.json", "flash_args"}) {
    CHECK(content_of(units.out("unit-3") / name) == content_of(std::filesystem::path(alone) / name));
  }
}

TEST_CASE("a second run keeps what is written and makes what is missing or not what it should be") {
  Units units(4);
  REQUIRE(build(units).exit_code == 0);
  const auto first = std::filesystem::last_write_time(units.out("unit-0") / "mfg_nvs.bin");
  std::filesystem::remove(units.out("unit-1") / "manifest.json");
  std::filesystem::resize_file(units.out("unit-2") / "mfg_nvs.bin", 4096);
  units.make("unit-3");  // new credentials
  const json refused = json::parse(build(units, {"--json"}).out);
  CHECK(refused["written"] == 2);
  CHECK(refused["kept"] == 1);
  REQUIRE(refused["failures"].size() == 1);
  CHECK(refused["failures"][0]["error"]["kind"] == "taken");
  const json document = json::parse(build(units, {"--json", "--force"}).out);
  CHECK(document["written"] == 1);
  CHECK(document["kept"] == 3);
  CHECK(std::filesystem::last_write_time(units.out("unit-0") / "mfg_nvs.bin") == first);
  CHECK(content_of(units.out("unit-2") / "mfg_nvs.bin").size() > 4096);
}

TEST_CASE("bad units fail by themselves, with their serial or line") {
  Units units(2);
  units.write_list("serial,creds\nunit-0,creds/unit-0\nlost,creds/lost\n/,creds/unit-1\ncopy,creds/unit-0\n");
  const Outcome outcome = build(units, {"--jobs", "1", "--json"});
  CHECK(outcome.exit_code == 8);
  const json document = json::parse(outcome.out);
  CHECK(document["exit"]["name"] == "units");
  CHECK(document["written"] == 0);
  REQUIRE(document["failures"].size() == 4);
  CHECK(document["failures"][1]["serial"] == "lost");
  for (const std::size_t twice : {0U, 3U}) {
    CHECK(document["failures"][twice]["error"]["code"] == "certificate_twice");
    CHECK(document["failures"][twice]["error"]["kind"] == "taken");
  }
  CHECK(document["failures"][3]["error"].dump().find("unit-0 (in line 2)") != std::string::npos);
  CHECK(document["findings"][0]["code"] == "nvs_replaced");
  CHECK(outcome.err.find("line 4") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(units.out("copy")));
}

TEST_CASE("a dry run of many units writes none") {
  const Units units(2);
  const Outcome outcome = build(units, {"--dry-run"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("2 units would be written, 0 there already"));
  CHECK_FALSE(std::filesystem::exists(units.path() / "out"));
}

TEST_CASE("a single unit is told in the singular") {
  Units units(2);
  units.write_list("serial,creds\nunit-0,creds/unit-0\nlost,creds/lost\n");
  const Outcome outcome = build(units);
  CHECK(outcome.exit_code == 8);
  CHECK(outcome.out.starts_with("1 unit written to "));
  CHECK(outcome.err.find("units.csv: 1 unit failed") != std::string::npos);
}

TEST_CASE("a list that cannot be read stops the run") {
  Units units(1);
  units.write_list("number,creds\n1,a\n");
  const Outcome outcome = build(units);
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.err.find("units.csv: line 1") != std::string::npos);
  CHECK(build(units, {"--cert", "x", "--key", "y", "--ca", "z"}).exit_code == 2);
}

TEST_CASE("Ctrl-C ends a run after the unit in work, and the next one goes on from there") {
  constexpr int kUnits = 60;
  Units units(kUnits);
  // The key of the second unit comes through a pipe, so that the run stands there until the signal is out.
  std::string list = "serial,cert,key,ca\n";
  for (int i = 0; i < kUnits; ++i) {
    list +=
        fmt::format("unit-{0},creds/unit-{0}/device.pem.crt,creds/unit-{0}/private.pem.key,creds/unit-{0}/ca.pem\n", i);
  }
  units.write_list(list);
  const auto key = units.credentials("unit-1") / "private.pem.key";
  const Bytes text = content_of(key);
  std::filesystem::remove(key);
  REQUIRE(mkfifo(key.c_str(), 0600) == 0);
  test::Process process({.arguments = {"build", "--manifest", units.list_path().string(), "--module", "ESP32-C3-MINI-1",
                                       "-o", units.out().string(), "--jobs", "1"}});
  Descriptor pipe(open(key.c_str(), O_WRONLY | O_CLOEXEC));  // waits until the run has come to it
  process.signal(SIGINT);
  REQUIRE(::write(pipe.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  pipe.close_now();
  const Outcome outcome = process.finish();
  CHECK(outcome.exit_code == 130);
  CHECK(outcome.err.find("remedy: run it again: units that are written are kept") != std::string::npos);
  int folders = 0;
  for (const auto& unit : std::filesystem::directory_iterator(units.out())) {
    ++folders;
    std::set<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(unit)) names.insert(file.path().filename());
    CHECK(names == std::set<std::string>{"flash_args", "manifest.json", "mfg_nvs.bin"});
  }
  CHECK(folders < kUnits);
  std::filesystem::remove(key);
  test::write_text(key, as_text(text));
  const json again = json::parse(build(units, {"--json"}).out);
  CHECK(again["kept"] == folders);
  CHECK(again["written"] == kUnits - folders);
}

}  // namespace atcert
