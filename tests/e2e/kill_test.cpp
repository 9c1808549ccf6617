// SPDX-License-Identifier: Apache-2.0
// Kills at any moment: what is left is known to the next run, which makes all whole and removes the rest.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "support/process.hpp"
#include "support/units.hpp"

namespace atcert {
namespace {

namespace fs = std::filesystem;
using test::Outcome;
using test::Units;

constexpr int kUnits = 6;
constexpr int kKills = 24;

std::vector<std::string> arguments(const Units& units) {
  return {"build", "--manifest", units.list_path().string(), "--module", "ESP32-C3-MINI-1", "-o", units.out().string()};
}

// Every file that holds a piece of the key, but for those of the sets.
std::vector<std::string> strays(const fs::path& out) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const std::string name = entry.path().filename();
    if (entry.path().string().find("/.atcert-") != std::string::npos) found.push_back(entry.path());
    if (!entry.is_regular_file() || name == "mfg_nvs.bin") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    if (content.find("PRIVATE KEY") != std::string::npos) found.push_back(entry.path());
  }
  return found;
}

bool is_whole(const fs::path& folder) {
  return fs::exists(folder / "manifest.json") && fs::exists(folder / "flash_args") &&
         fs::file_size(folder / "mfg_nvs.bin") > 0;
}

// Runs it and kills it so much later; false when it was over before.
bool kill_after(const std::vector<std::string>& words, Milliseconds delay) {
  test::Process process({.arguments = words});
  CHECK_FALSE(process.wait_for("what it never says", delay));
  process.signal(SIGKILL);
  return process.finish().exit_code == 128 + SIGKILL;
}

Milliseconds duration_of(const std::vector<std::string>& words) {
  const SteadyTime begin = SystemClock().now();
  REQUIRE(test::run({.arguments = words}).exit_code == 0);
  return std::chrono::ceil<Milliseconds>(SystemClock().now() - begin);
}

}  // namespace

TEST_CASE("after a kill at any moment of a batch every folder is whole or absent, and the next run finishes") {
  const Units units(kUnits);
  const Milliseconds duration = duration_of(arguments(units));
  std::mt19937 random(1);
  int killed = 0;
  for (int i = 0; i < kKills; ++i) {
    CAPTURE(i);
    const bool over = i % 2 == 0;  // over an older set, or where nothing is
    if (!over) fs::remove_all(units.out());
    std::vector<std::string> words = arguments(units);
    if (over) words.insert(words.end(), {"--tx-power", std::to_string(40 + i)});
    killed += kill_after(words, Milliseconds(random() % static_cast<unsigned>(duration.count()))) ? 1 : 0;
    if (fs::exists(units.out())) {
      for (const auto& entry : fs::directory_iterator(units.out())) {
        if (!entry.path().filename().string().starts_with(".")) CHECK(is_whole(entry.path()));
      }
    }
    CHECK(test::run({.arguments = words}).exit_code == 0);
    CHECK(strays(units.out()).empty());
    CHECK(std::distance(fs::directory_iterator(units.out()), fs::directory_iterator()) == kUnits);
  }
  CHECK(killed > 0);
}

TEST_CASE("after a kill at any moment of a demo nothing is left that the next one does not remove") {
  const Units units(0);  // for its folder
  const fs::path folder = units.path() / "tmp";
  fs::create_directory(folder);
  const std::map<std::string, std::string> environment{{"TMPDIR", folder.string()}};
  for (int i = 0; i < 3; ++i) {
    test::Process process({.arguments = {"demo"}, .environment = environment});
    REQUIRE(process.wait_for("throwaway credentials in"));
    process.signal(SIGKILL);
    process.finish();
    CHECK_FALSE(fs::is_empty(folder));
  }
  CHECK(std::distance(fs::directory_iterator(folder), fs::directory_iterator()) <= 2);  // of the last one
  CHECK(test::run({.arguments = {"demo"}, .environment = environment}).exit_code == 0);
  CHECK(fs::is_empty(folder));
}

}  // namespace atcert
