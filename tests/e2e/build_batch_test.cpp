// SPDX-License-Identifier: Apache-2.0
// atcert build --manifest as its users run it.
#include <filesystem>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/scratch_folder.hpp"
#include "credentials/throwaway.hpp"
#include "support/broker.hpp"
#include "support/process.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

using nlohmann::json;
using test::Outcome;

void write(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  if (!write_file(path, as_bytes(text))) FAIL("cannot write " << path.string());
}

Bytes content(const std::filesystem::path& path) {
  return test::require(read_file(path.string(), 1 << 20));
}

// A folder with the credentials of some units and their list.
class Line {
 public:
  explicit Line(int units) : authority_(test::require(credentials::make_authority(test::throwaway_options("line")))) {
    std::string list = "serial,creds\n";
    for (int i = 0; i < units; ++i) {
      const std::string serial = fmt::format("unit-{}", i);
      make(serial);
      list += fmt::format("{},creds/{}\n", serial, serial);
    }
    write(list_path(), list);
  }

  const std::filesystem::path& path() const { return scratch_.path(); }
  std::string list_path() const { return (path() / "units.csv").string(); }
  std::filesystem::path out(const std::string& serial) const { return path() / "out" / serial; }

  void make(const std::string& serial) {
    const auto device = test::require(credentials::make_device(authority_, test::throwaway_options(serial)));
    const auto folder = path() / "creds" / serial;
    write(folder / "device.pem.crt", device.certificate);
    write(folder / "private.pem.key", device.key.reveal_text());
    write(folder / "ca.pem", authority_.certificate);
  }

  Outcome build(std::vector<std::string> more = {}) const {
    std::vector<std::string> all{
        "build", "--manifest", list_path(), "--module", "ESP32-C3-MINI-1", "-o", (path() / "out").string()};
    all.insert(all.end(), more.begin(), more.end());
    return test::run({.arguments = std::move(all)});
  }

 private:
  ScratchFolder scratch_ = test::require(ScratchFolder::create("batch"));
  credentials::Throwaway authority_;
};

}  // namespace

TEST_CASE("every unit gets a folder that is the one that build makes of its credentials") {
  const Line line(5);
  const Outcome outcome = line.build({"--jobs", "3"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("5 units written"));
  const auto alone = (line.path() / "alone").string();
  const Outcome one = test::run({.arguments = {"build", "--creds", (line.path() / "creds/unit-3").string(), "--module",
                                               "ESP32-C3-MINI-1", "-o", alone}});
  CHECK(one.exit_code == 0);
  for (const char* name : {"mfg_nvs.bin", "manifest.json", "flash_args"}) {
    CHECK(content(line.out("unit-3") / name) == content(std::filesystem::path(alone) / name));
  }
}

TEST_CASE("a second run keeps what is written and makes what is missing or not what it should be") {
  Line line(4);
  REQUIRE(line.build().exit_code == 0);
  const auto first = std::filesystem::last_write_time(line.out("unit-0") / "mfg_nvs.bin");
  std::filesystem::remove(line.out("unit-1") / "manifest.json");
  std::filesystem::resize_file(line.out("unit-2") / "mfg_nvs.bin", 4096);
  line.make("unit-3");  // new credentials
  const json document = json::parse(line.build({"--json"}).out);
  CHECK(document["written"] == 3);
  CHECK(document["kept"] == 1);
  CHECK(std::filesystem::last_write_time(line.out("unit-0") / "mfg_nvs.bin") == first);
  CHECK(content(line.out("unit-2") / "mfg_nvs.bin").size() > 4096);
}

TEST_CASE("bad units fail by themselves, with their serial or line") {
  const Line line(2);
  write(line.list_path(), "serial,creds\nunit-0,creds/unit-0\nlost,creds/lost\n/,creds/unit-1\ncopy,creds/unit-0\n");
  const Outcome outcome = line.build({"--jobs", "1", "--json"});
  CHECK(outcome.exit_code == 8);
  const json document = json::parse(outcome.out);
  CHECK(document["exit"]["name"] == "units");
  CHECK(document["written"] == 1);
  REQUIRE(document["failures"].size() == 3);
  CHECK(document["failures"][0]["serial"] == "lost");
  CHECK(document["failures"][2]["error"]["code"] == "certificate_twice");
  CHECK(document["failures"][2]["error"].dump().find("is unit unit-0's") != std::string::npos);
  CHECK(document["findings"][0]["code"] == "nvs_replaced");
  CHECK(outcome.err.find("line 4") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(line.out("copy")));
}

TEST_CASE("a dry run of many units writes none") {
  const Line line(2);
  const Outcome outcome = line.build({"--dry-run"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("2 units would be written, 0 were there"));
  CHECK_FALSE(std::filesystem::exists(line.path() / "out"));
}

TEST_CASE("a list that cannot be read stops the run") {
  const Line line(1);
  write(line.list_path(), "number,creds\n1,a\n");
  const Outcome outcome = line.build();
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.err.find("units.csv: line 1") != std::string::npos);
  CHECK(line.build({"--cert", "x", "--key", "y", "--ca", "z"}).exit_code == 2);
}

}  // namespace atcert
